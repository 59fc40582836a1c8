import { describe, expect, it } from '@jest/globals';
import { unseenImages } from '../../src/measure/audits/unseen-images';
import { createSeparableImages } from '../../src/testing/separable-images';

const SIZE = { inputHeight: 4, inputWidth: 4 };
const IMAGE_BYTES = 48;
const images = createSeparableImages({ ...SIZE, count: 24, classCount: 3, seed: 1 });

/** Each image of `pixels` as a string. */
function split(pixels: Uint8Array): string[] {
  return Array.from({ length: pixels.length / IMAGE_BYTES }, (_, image) =>
    pixels.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES).join(),
  );
}

describe('images never seen before', () => {
  it('differ from one another, from those of other rounds and from the ones that they are made of', () => {
    const rounds = [2, 3, 4, 5, 6, 7].flatMap((round) =>
      split(unseenImages(images, SIZE, 60, round)),
    );
    expect(new Set([...rounds, ...split(images.pixels)]).size).toBe(6 * 60 + 24);
  });

  it('are the mean of two, one of them upside down, but for the lowest bits', () => {
    const [first] = [unseenImages(images, SIZE, 1, 2)];
    const row = 12;
    for (let at = 0; at < IMAGE_BYTES; at++) {
      const opposite = 2 * IMAGE_BYTES + (3 - Math.floor(at / row)) * row + (at % row);
      const mean = (images.pixels[at]! + images.pixels[opposite]!) / 2;
      expect(Math.abs(first![at]! - mean)).toBeLessThanOrEqual(4);
    }
  });
});
