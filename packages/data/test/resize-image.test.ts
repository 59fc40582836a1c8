import { readFileSync } from 'node:fs';
import type { ResizeFilter } from '@dlcmp/contract';
import { describe, expect, test } from '@jest/globals';
import { resizeImage } from '../src/images/resize-image';

interface Case {
  readonly from: readonly [width: number, height: number];
  readonly to: readonly [width: number, height: number];
  /** Base64. */
  readonly rgb: string;
}

/** Written by make-resize-fixtures.py. */
const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/pillow-bilinear.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const { cases: filterCases } = JSON.parse(
  readFileSync(new URL('./fixtures/pillow-filters.json', import.meta.url), 'utf8'),
) as { cases: (Case & { readonly filter: ResizeFilter })[] };

const { cases: openCvCases } = JSON.parse(
  readFileSync(new URL('./fixtures/opencv-linear.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** What `noise` of make-resize-fixtures.py draws. */
function noise([width, height]: Case['from']): Uint8Array {
  let state = width * 1000 + height;
  return Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state >> 16;
  });
}

function largestDifference(left: Uint8Array, right: Uint8Array): number {
  expect(left).toHaveLength(right.length);
  return left.reduce((most, byte, at) => Math.max(most, Math.abs(byte - (right[at] as number))), 0);
}

function grey(row: readonly number[], height: number) {
  const rows = Array.from({ length: height }, () => row.flatMap((value) => [value, value, value]));
  return { pixels: Uint8Array.from(rows.flat()), width: row.length, height };
}

describe('resizeImage', () => {
  test.each(cases.map((one) => [one.from.join('×'), one.to.join('×'), one] as const))(
    'brings noise of %s to %s as Pillow does, by 1 of 255 at most',
    (_from, _to, { from, to, rgb }) => {
      const [width, height] = from;
      const resized = resizeImage({ pixels: noise(from), width, height }, ...to);
      expect([resized.width, resized.height]).toEqual(to);
      expect(largestDifference(resized.pixels, Buffer.from(rgb, 'base64'))).toBeLessThanOrEqual(1);
    },
  );

  test('gives most sizes byte by byte as Pillow does', () => {
    const same = cases.filter(({ from, to, rgb }) => {
      const image = { pixels: noise(from), width: from[0], height: from[1] };
      return Buffer.from(rgb, 'base64').equals(resizeImage(image, ...to).pixels);
    });
    expect(same.length).toBeGreaterThan(cases.length * 0.75);
  });

  test.each(
    filterCases.map((one) => [one.filter, one.from.join('×'), one.to.join('×'), one] as const),
  )('filters by %s from %s to %s as Pillow does', (filter, _from, _to, { from, to, rgb }) => {
    const image = { pixels: noise(from), width: from[0], height: from[1] };
    const { pixels } = resizeImage(image, ...to, filter);
    const most = filter === 'nearest' ? 0 : 1;
    expect(largestDifference(pixels, Buffer.from(rgb, 'base64'))).toBeLessThanOrEqual(most);
  });

  test.each(openCvCases.map((one) => [one.from.join('×'), one.to.join('×'), one] as const))(
    'interpolates by bilinear-sharp from %s to %s byte by byte as OpenCV does',
    (_from, _to, { from, to, rgb }) => {
      const image = { pixels: noise(from), width: from[0], height: from[1] };
      const { pixels } = resizeImage(image, ...to, 'bilinear-sharp');
      expect(Buffer.from(pixels).toString('base64')).toBe(rgb);
    },
  );

  test('weighs two pixels alone without antialiasing', () => {
    // Quartered, the middles are at 1.5 and 5.5 of eight pixels.
    const row = grey([0, 80, 160, 40, 200, 120, 20, 60], 1);
    const { pixels } = resizeImage(row, 2, 1, 'bilinear-sharp');
    expect([pixels[0], pixels[3]]).toEqual([120, 70]);
  });

  test('hands back an image of the size asked for', () => {
    const image = grey([10, 20], 2);
    expect(resizeImage(image, 2, 2)).toBe(image);
  });

  test('averages by a triangle as wide as the reduction', () => {
    // Halved, the pixel at 1 is centred on 3 of 8: weights 1, 3, 3, 1 of 8 over pixels 1 to 4.
    const { pixels } = resizeImage(grey([0, 80, 160, 40, 200, 120, 20, 60], 2), 4, 2);
    expect(pixels[3]).toBe(Math.round((80 * 1 + 160 * 3 + 40 * 3 + 200 * 1) / 8));
  });

  test('enlarges around the middle of pixels, not from a corner', () => {
    // Doubled, centres fall at -¼, ¼, ¾ and 1¼ of two pixels: weights of 0, ¼, ¾ and 1 for the second.
    const { pixels } = resizeImage(grey([0, 200], 1), 4, 1);
    expect([pixels[0], pixels[3], pixels[6], pixels[9]]).toEqual([0, 50, 150, 200]);
  });

  test('leaves the other side as it is', () => {
    const image = { pixels: noise([6, 2]), width: 6, height: 2 };
    const rows = [0, 1].map((row) => image.pixels.subarray(row * 18, row * 18 + 18));
    const each = rows.map((pixels) => resizeImage({ pixels, width: 6, height: 1 }, 9, 1).pixels);
    expect(Buffer.from(resizeImage(image, 9, 2).pixels)).toEqual(Buffer.concat(each));
  });

  test('begins anew after an image that takes much memory', () => {
    const large = { pixels: new Uint8Array(5000 * 5000 * 3).fill(7), width: 5000, height: 5000 };
    expect(resizeImage(large, 2, 2).pixels).toEqual(new Uint8Array(12).fill(7));
    expect(resizeImage(grey([0, 200], 1), 4, 1).pixels[3]).toBe(50);
  });
});
