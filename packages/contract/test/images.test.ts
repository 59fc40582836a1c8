import { describe, expect, it } from '@jest/globals';
import { assertLabelledImages, assertPixels, bytesPerImage, type LabelledImages } from '../src';

const size = { inputHeight: 2, inputWidth: 3 };
const images: LabelledImages = {
  pixels: new Uint8Array(2 * 18),
  labels: Int32Array.of(0, 2),
  count: 2,
};

function expectRefusal(refuse: () => unknown, message: string): void {
  expect(refuse).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }));
}

describe('assertPixels', () => {
  it('accepts exactly count images, and none', () => {
    assertPixels(images.pixels, 2, size);
    expect(() => assertPixels(new Uint8Array(), 0, size)).not.toThrow();
  });

  it.each([-1, 1.5, Number.NaN])('refuses a count of %d', (count) => {
    expectRefusal(
      () => assertPixels(images.pixels, count, size),
      `count must be a whole number ≥ 0, not ${count}.`,
    );
  });

  it('says how many bytes the images take', () => {
    expectRefusal(
      () => assertPixels(new Uint8Array(35), 2, size),
      "pixels holds 35 bytes, but 2 RGB images of 3×2 take 36. Resize the images to the classifier's input size first.",
    );
  });

  it('refuses what is no Uint8Array', () => {
    const pixels = new Float32Array(36) as unknown as Uint8Array;
    expectRefusal(() => assertPixels(pixels, 2, size), 'pixels must be a Uint8Array of RGB bytes.');
  });
});

describe('assertLabelledImages', () => {
  it('accepts labels of every class', () => {
    expect(() => assertLabelledImages(images, size, 3)).not.toThrow();
  });

  it.each<[string, Partial<LabelledImages>, string]>([
    [
      'no image',
      { pixels: new Uint8Array(), labels: new Int32Array(), count: 0 },
      'fit needs at least one image.',
    ],
    [
      'a label too many',
      { labels: new Int32Array(3) },
      'labels must be an Int32Array of 2 class indices.',
    ],
    [
      'labels in a plain array',
      { labels: [0, 1] as unknown as Int32Array },
      'labels must be an Int32Array of 2 class indices.',
    ],
    [
      'a label beyond the classes',
      { labels: Int32Array.of(0, 3) },
      'labels holds 3, but the classes are numbered 0 to 2.',
    ],
    [
      'a negative label',
      { labels: Int32Array.of(-1, 0) },
      'labels holds -1, but the classes are numbered 0 to 2.',
    ],
  ])('refuses %s', (_, changes, message) => {
    expectRefusal(() => assertLabelledImages({ ...images, ...changes }, size, 3), message);
  });
});

describe('bytesPerImage', () => {
  it('counts three bytes a pixel', () => {
    expect(bytesPerImage({ inputHeight: 150, inputWidth: 100 })).toBe(45_000);
  });
});
