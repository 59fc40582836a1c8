import { describe, expect, it } from '@jest/globals';
import { createSeparableImages } from '../../src/testing';

const options = { inputHeight: 6, inputWidth: 5, count: 9, classCount: 3, seed: 1 };

/** Red, green and blue of each image, averaged over its pixels. */
function meanColours(pixels: Uint8Array, count: number): number[][] {
  const bytes = pixels.length / count;
  return Array.from({ length: count }, (_, image) =>
    [0, 1, 2].map((channel) => {
      const values = pixels
        .subarray(image * bytes, (image + 1) * bytes)
        .filter((_, at) => at % 3 === channel);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  );
}

describe('createSeparableImages', () => {
  it('gives the classes by turns, and as many bytes as the images take', () => {
    const { pixels, labels, count } = createSeparableImages(options);
    expect([...labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(count).toBe(9);
    expect(pixels).toHaveLength(9 * 6 * 5 * 3);
  });

  it('colours three classes red, green and blue', () => {
    const { pixels, labels } = createSeparableImages(options);
    meanColours(pixels, 9).forEach((colour, image) => {
      expect(colour.indexOf(Math.max(...colour))).toBe(labels[image]);
    });
  });

  it('gives a class one even colour without noise', () => {
    const { pixels } = createSeparableImages({ ...options, noise: 0 });
    expect([...pixels.subarray(0, 6)]).toEqual([255, 63, 63, 255, 63, 63]);
  });

  it('hides the class in noise of 1', () => {
    const { pixels } = createSeparableImages({ ...options, inputHeight: 60, noise: 1 });
    // Four standard deviations of the mean of 300 uniform bytes are 17.
    for (const brightness of meanColours(pixels, 9).flat()) {
      expect(Math.abs(brightness - 127.5)).toBeLessThan(17);
    }
  });

  it('draws the same images for the same seed only', () => {
    const images = createSeparableImages(options);
    expect(createSeparableImages(options)).toEqual(images);
    expect(createSeparableImages({ ...options, seed: 2 }).pixels).not.toEqual(images.pixels);
  });
});
