import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import sharp, { type PngOptions, type Sharp } from 'sharp';
import { crc32 } from '../src/download/crc32';
import { decodePlainPng } from '../src/images/png/decode-plain-png';
import { picture } from './image-folder';

const seeThrough = () => {
  const pixels = Buffer.from(Array.from({ length: 30 * 20 * 4 }, (_, at) => (at * 37) % 256));
  return sharp(pixels, { raw: { width: 30, height: 20, channels: 4 } });
};

/** As sharp shows it: libpng's pixels, what is transparent on white. */
const shown = (png: Buffer) =>
  sharp(png).flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer();

const largestDifference = (left: Uint8Array, right: Uint8Array) => {
  expect(left).toHaveLength(right.length);
  return left.reduce((most, byte, at) => Math.max(most, Math.abs(byte - (right[at] ?? 0))), 0);
};

const large = { width: 90, height: 70 };

describe('a PNG of a common kind has the pixels that libpng reads', () => {
  test.each<[string, () => Sharp, PngOptions, number]>([
    ['RGB', () => picture(1, large), {}, 0],
    [
      'RGB, its rows filtered in every way',
      () => picture(2, large),
      { adaptiveFiltering: true },
      0,
    ],
    ['smooth', () => picture(3).resize(90, 70), { adaptiveFiltering: true }, 0],
    ['in several chunks of data', () => picture(4, { width: 400, height: 300 }), {}, 0],
    ['grey', () => picture(5, large).toColourspace('b-w'), { adaptiveFiltering: true }, 0],
    ['with alpha', seeThrough, { adaptiveFiltering: true }, 1],
    ['grey with alpha', () => seeThrough().toColourspace('b-w'), {}, 1],
    ['with a palette', () => picture(6, large), { palette: true, colours: 200 }, 0],
    ['with a palette, some of it transparent', seeThrough, { palette: true, colours: 128 }, 1],
    ['of one pixel', () => picture(7, { width: 1, height: 1 }), {}, 0],
  ])('%s', async (_, draw, options, tolerance) => {
    const png = await draw().png(options).toBuffer();
    const image = decodePlainPng(png);
    const { width, height } = await sharp(png).metadata();
    expect(image).toMatchObject({ width, height });
    const expected = await shown(png);
    expect(largestDifference(image?.pixels ?? new Uint8Array(), expected)).toBeLessThanOrEqual(
      tolerance,
    );
  });
});

/** A PNG of grey pixels by hand: each row begins with its filter. */
function handmade(rows: readonly (readonly number[])[], width: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Uint8Array.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

test('each filter is undone as the specification has it', () => {
  const png = handmade(
    [
      [4, 10, 20, 250],
      [1, 1, 2, 3],
      [2, 5, 250, 1],
      [3, 1, 1, 1],
      [4, 7, 8, 9],
    ],
    3,
  );
  const grey = decodePlainPng(png)?.pixels.filter((_, at) => at % 3 === 0);
  expect([...(grey ?? [])]).toEqual(
    [
      // Paeth in the first row predicts the byte to the left: 10, 30, 280.
      [10, 30, 24],
      // Left: 1, 3, 6.
      [1, 3, 6],
      // Above: 6, 253, 7.
      [6, 253, 7],
      // The average of left and above: 1 + 3, 1 + (4 + 253) / 2, 1 + (129 + 7) / 2.
      [4, 129, 69],
      // The nearest of left, above and corner to left + above - corner: 7 + 4, 8 + 129, 9 + 69 (137 + 69 - 129 = 77).
      [11, 137, 78],
    ].flat(),
  );
});

describe('another kind, or one with a fault, is left to sharp:', () => {
  const whole = () => picture(1, large).png().toBuffer();
  test.each<[string, () => Promise<Buffer>]>([
    ['16 bits', () => picture(1).toColourspace('rgb16').png().toBuffer()],
    ['two colours', () => picture(1).png({ palette: true, colours: 2 }).toBuffer()],
    ['interlaced', () => picture(1).png({ progressive: true }).toBuffer()],
    ['with a colour profile', () => picture(1).withIccProfile('p3').png().toBuffer()],
    ['turned by EXIF', () => picture(1).withMetadata({ orientation: 6 }).png().toBuffer()],
    ['cut', async () => (await whole()).subarray(0, -20)],
    ['a filter that there is not', async () => handmade([[9, 1]], 1)],
    ['too few rows', async () => handmade([[0, 1]], 2)],
    [
      'a header changed behind its check sum',
      async () => {
        const png = await whole();
        png[19] = 91;
        return png;
      },
    ],
    [
      'data changed behind their check sum',
      async () => {
        const png = await whole();
        png[png.length - 40] = (png[png.length - 40] ?? 0) ^ 255;
        return png;
      },
    ],
  ])('%s', async (_, make) => {
    expect(decodePlainPng(await make())).toBeUndefined();
  });
});
