import { expect, test } from '@jest/globals';
import { fitImage } from '../src/images/fit-image';

/** Red is the column, green the row. */
function ramp(width: number, height: number) {
  const pixels = Array.from({ length: width * height }, (_, at) => [
    at % width,
    Math.floor(at / width),
    0,
  ]);
  return { pixels: Uint8Array.from(pixels.flat()), width, height };
}

test('cuts the middle out of an image whose shorter side is right', () => {
  const resize = { filter: 'bilinear', fit: 'crop', shorterSide: 6 } as const;
  const { pixels, width, height } = fitImage(ramp(9, 6), { height: 3, width: 4, resize });
  expect([width, height]).toEqual([4, 3]);
  // torchvision's CenterCrop: round(2.5) = 2 columns and round(1.5) = 2 rows are left out before.
  expect([pixels[0], pixels[1]]).toEqual([2, 2]);
  expect([pixels.at(-3), pixels.at(-2)]).toEqual([5, 4]);
});

test('stretches both sides to a length before it cuts the middle out', () => {
  const resize = { filter: 'nearest', fit: 'stretch-crop', shorterSide: 6 } as const;
  const { pixels, width, height } = fitImage(ramp(12, 18), { height: 4, width: 2, resize });
  expect([width, height]).toEqual([2, 4]);
  // Columns 1, 3, 5 … and rows 1, 4, 7 … are left, and of these two columns and one row cut away.
  expect([pixels[0], pixels[1]]).toEqual([5, 4]);
  expect([pixels.at(-3), pixels.at(-2)]).toEqual([7, 13]);
});

test('brings the shorter side to the length that is asked for, by the filter', () => {
  const resize = { filter: 'nearest', fit: 'crop' } as const;
  const { pixels } = fitImage(ramp(8, 16), { height: 4, width: 4, resize });
  expect([pixels[0], pixels[1]]).toEqual([1, 5]);
});
