import { describe, expect, test } from '@jest/globals';
import sharp, { type JpegOptions, type Sharp } from 'sharp';
import { type DecodeImageOptions, decodeImage as decode } from '../src/images/decode-image';

/** The decoded image, its memory the caller's own. */
const decodeImage = (bytes: Buffer, options?: DecodeImageOptions) =>
  decode(bytes, ({ pixels, ...size }) => ({ pixels: pixels.slice(), ...size }), options);

/** A picture with much to code, unlike that of any other `seed`. */
function photograph(seed: number, { width = 160, height = 120 } = {}) {
  let state = seed + 1;
  const small = Buffer.from(
    Array.from({ length: 40 * 30 * 3 }, () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state >> 16;
    }),
  );
  return sharp(small, { raw: { width: 40, height: 30, channels: 3 } }).resize(width, height);
}

const END = Buffer.of(0xff, 0xd9);
const scanStart = (jpeg: Buffer) => jpeg.indexOf(Buffer.of(0xff, 0xda));
/** A third into the coded data. */
const place = (jpeg: Buffer) => scanStart(jpeg) + Math.floor((jpeg.length - scanStart(jpeg)) / 3);

const DAMAGE: Readonly<Record<string, (jpeg: Buffer) => Buffer>> = {
  'a lost block': (jpeg) =>
    Buffer.concat([jpeg.subarray(0, place(jpeg)), jpeg.subarray(place(jpeg) + 512)]),
  'a block of zeros': (jpeg) => Buffer.from(jpeg).fill(0, place(jpeg), place(jpeg) + 512),
  'a block of another file': (jpeg) => {
    const damaged = Buffer.from(jpeg);
    for (let at = 0; at < 512; at++) damaged[place(jpeg) + at] = (at * 89 + (at >> 3) * 31) % 255;
    return damaged;
  },
};

const ODDITIES: Readonly<Record<string, (jpeg: Buffer) => Buffer>> = {
  'bytes behind its end': (jpeg) =>
    Buffer.concat([jpeg, Buffer.alloc(800, 'uploaded by a camera')]),
  'zeros before its end': (jpeg) => Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(64), END]),
  'padding before its end': (jpeg) =>
    Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(200, Buffer.of(0x12, 0x34)), END]),
  'scan parameters as some phones write them': (jpeg) => {
    const odd = Buffer.from(jpeg);
    odd[scanStart(odd) + 5 + 2 * (odd[scanStart(odd) + 4] ?? 0) + 1] = 0;
    return odd;
  },
  'both of these': (jpeg) =>
    ODDITIES['scan parameters as some phones write them']?.(
      ODDITIES['zeros before its end']?.(jpeg) ?? jpeg,
    ) ?? jpeg,
  'a second picture behind it': (jpeg) => Buffer.concat([jpeg, jpeg]),
  'fill bytes before a marker': (jpeg) =>
    Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, 0xff), jpeg.subarray(2)]),
};

const KINDS = {
  baseline: {},
  progressive: { progressive: true },
  'without subsampling': { chromaSubsampling: '4:4:4' },
} as const;

const refusals = async (jpegs: readonly Buffer[], options = {}) => {
  const outcomes = await Promise.all(
    jpegs.map((jpeg) =>
      decodeImage(jpeg, options).then(
        () => undefined,
        (error: { reason: string }) => error.reason,
      ),
    ),
  );
  return outcomes.filter((reason) => reason !== undefined);
};

const some = (options: JpegOptions, size?: { width: number; height: number }) =>
  Promise.all(
    Array.from({ length: 20 }, (_, seed) => photograph(seed, size).jpeg(options).toBuffer()),
  );

describe.each(Object.entries(KINDS))('a %s JPEG', (_, options) => {
  test.each(Object.entries(DAMAGE))('with %s is refused, nearly always', async (_name, damage) => {
    const reasons = await refusals((await some(options)).map(damage));
    expect(reasons.length).toBeGreaterThanOrEqual(16);
    for (const reason of reasons) expect(reason).toMatch(/^is (truncated or )?damaged \(/);
  });

  test('that is sound is accepted, always', async () => {
    expect(await refusals(await some(options))).toEqual([]);
  });

  test.each(Object.entries(ODDITIES))('with %s gives the same pixels', async (_name, oddity) => {
    for (const jpeg of (await some(options)).slice(0, 5)) {
      const { pixels } = await decodeImage(jpeg);
      expect(Buffer.from((await decodeImage(oddity(jpeg))).pixels).equals(pixels)).toBe(true);
    }
  });
});

test('an oddity hides no damage', async () => {
  const odd = ODDITIES['scan parameters as some phones write them'];
  const lost = DAMAGE['a lost block'];
  const damaged = (await some({})).map((jpeg) => odd?.(lost?.(jpeg) ?? jpeg) ?? jpeg);
  expect((await refusals(damaged)).length).toBeGreaterThanOrEqual(16);
});

test('in large JPEGs what libjpeg meets while it decodes is noticed, and thoroughly all of it', async () => {
  const large = await photograph(1, { width: 900, height: 700 }).jpeg().toBuffer();
  const [lost, zeros] = [DAMAGE['a lost block'], DAMAGE['a block of zeros']].map(
    (damage) => damage?.(large) ?? large,
  );
  expect(await refusals([large], { thorough: true })).toEqual([]);
  expect(await refusals([lost ?? large])).toHaveLength(1);
  expect(await refusals([zeros ?? large], { thorough: true })).toHaveLength(1);
});

test.each([
  ['grey', (jpeg: Sharp) => jpeg.toColourspace('b-w')],
  ['CMYK', (jpeg: Sharp) => jpeg.toColourspace('cmyk')],
  ['of another colour space', (jpeg: Sharp) => jpeg.withIccProfile('p3')],
  ['with an sRGB profile', (jpeg: Sharp) => jpeg.withIccProfile('srgb')],
])('a JPEG that is %s has the pixels that sharp shows', async (_, convert) => {
  const jpeg = await convert(photograph(3)).jpeg({ quality: 95 }).toBuffer();
  const shown = await sharp(jpeg).toColourspace('srgb').raw().toBuffer();
  const { pixels } = await decodeImage(jpeg);
  expect(pixels).toHaveLength(160 * 120 * 3);
  const furthest = shown.reduce(
    (most, byte, at) =>
      Math.max(most, Math.abs(byte - (pixels[at * (pixels.length / shown.length)] ?? 0))),
    0,
  );
  expect(furthest).toBeLessThanOrEqual(2);
});

test.each(['is truncated', 'has no header'])('a JPEG that %s is refused', async (fault) => {
  const jpeg = await photograph(1).jpeg().toBuffer();
  const broken = fault === 'is truncated' ? jpeg.subarray(0, -10) : jpeg.subarray(0, 40);
  expect(await refusals([broken])).toEqual([expect.stringMatching(/^(is truncated|cannot be)/)]);
});
