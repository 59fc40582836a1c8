import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { type DecodeImageOptions, decodeImage as decode } from '../src/images/decode-image';
import { picture } from './image-folder';

/** The decoded image, its memory the caller's own. */
const decodeImage = (bytes: Buffer, options?: DecodeImageOptions) =>
  decode(bytes, ({ pixels, ...size }) => ({ pixels: pixels.slice(), ...size }), options);

const plain = (red: number, green: number, blue: number, alpha?: number) =>
  sharp({
    create: {
      width: 6,
      height: 4,
      channels: alpha === undefined ? 3 : 4,
      background: { r: red, g: green, b: blue, alpha: alpha ?? 1 },
    },
  });
const firstPixel = async (bytes: Buffer) => [...(await decodeImage(bytes)).pixels.subarray(0, 3)];

/** `count` numbers within `tolerance` of `expected`, and three channels a pixel. */
async function expectColour(bytes: Buffer, expected: readonly number[], tolerance: number) {
  const { pixels, width, height } = await decodeImage(bytes);
  expect(pixels).toHaveLength(width * height * 3);
  for (const [channel, value] of expected.entries()) {
    expect(Math.abs((pixels[channel] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance);
  }
}

describe('decodeImage gives the RGB that a viewer shows', () => {
  test.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('of %s', async (format) => {
    await expectColour(await plain(200, 100, 50).toFormat(format).toBuffer(), [200, 100, 50], 4);
  });

  test('of greyscale', async () => {
    const grey = await plain(90, 90, 90).toColourspace('b-w').png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect(await firstPixel(grey)).toEqual([90, 90, 90]);
  });

  test('of CMYK', async () => {
    const cmyk = await plain(60, 120, 180).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    await expectColour(cmyk, [60, 120, 180], 12);
  });

  test('of 16 bits a channel', async () => {
    const deep = await plain(200, 100, 50).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect(await firstPixel(deep)).toEqual([200, 100, 50]);
  });

  test('of 16-bit greyscale', async () => {
    const deep = await plain(77, 77, 77).toColourspace('grey16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect(await firstPixel(deep)).toEqual([77, 77, 77]);
  });

  test('of transparency, on white', async () => {
    await expectColour(await plain(200, 100, 50, 0.5).png().toBuffer(), [227.5, 177.5, 152.5], 1);
    expect(await firstPixel(await plain(0, 0, 0, 0).webp({ lossless: true }).toBuffer())).toEqual([
      255, 255, 255,
    ]);
  });

  test('of transparency in 16 bits, on white', async () => {
    const deep = await plain(200, 100, 50, 0.5).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    await expectColour(deep, [227.5, 177.5, 152.5], 1);
  });

  test('of an embedded profile', async () => {
    const wide = await plain(200, 100, 50).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
    expect(stored[0]).toBeLessThan(195);
    await expectColour(wide, [200, 100, 50], 2);
  });

  test('as it is stored, where EXIF is left aside', async () => {
    const turned = await picture(1).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const stored = await decodeImage(turned, { orientation: 'stored' });
    expect(stored).toMatchObject({ width: 20, height: 10 });
    expect(await decodeImage(turned)).toMatchObject({ width: 10, height: 20 });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('of EXIF orientation %i', async (orientation) => {
    // Quadrants of an upright picture: light at the top left alone.
    const upright = Buffer.alloc(16 * 16 * 3);
    for (let y = 0; y < 8; y++) upright.fill(255, y * 48, y * 48 + 24);
    // How a camera held otherwise would have stored it, by the EXIF standard's eight cases.
    const stored = () => sharp(upright, { raw: { width: 16, height: 16, channels: 3 } });
    const turned = {
      1: stored(),
      2: stored().flop(),
      3: stored().rotate(180),
      4: stored().flip(),
      5: sharp(await stored().flop().png().toBuffer()).rotate(270),
      6: stored().rotate(270),
      7: sharp(await stored().flop().png().toBuffer()).rotate(90),
      8: stored().rotate(90),
    }[orientation as 1];
    const jpeg = await sharp(await turned.png().toBuffer())
      .withMetadata({ orientation })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { pixels } = await decodeImage(jpeg);
    const at = (x: number, y: number) => (pixels[(y * 16 + x) * 3] ?? 0) > 128;
    expect([at(3, 3), at(12, 3), at(3, 12), at(12, 12)]).toEqual([true, false, false, false]);
  });

  test('upright: width and height change places with a quarter turn', async () => {
    const turned = await picture(1).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await decodeImage(turned)).toMatchObject({ width: 10, height: 20 });
  });
});

describe('decodeImage refuses', () => {
  const refusal = async (bytes: Buffer) =>
    decodeImage(bytes).then(
      () => 'decoded',
      (error: { reason: string }) => error.reason,
    );

  test('an empty file', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('is empty (0 bytes)');
  });

  test('what is no image', async () => {
    expect(await refusal(Buffer.from('just some text'))).toBe(
      'is not an image that can be read (JPEG, PNG, WebP, GIF, TIFF and AVIF can)',
    );
  });

  const box = (brands: string) => `\0\0\0\x18ftyp${brands}${'\0'.repeat(200)}`;
  test.each([
    ['a BMP image', `BM${'\0'.repeat(12)}\x28\0\0\0${'\0'.repeat(60)}`],
    ['a HEIC image', box('heic\0\0\0\0mif1heic')],
    ['a HEIC image', box('mif1\0\0\0\0mif1heic')],
    ['a HEIF image', box('mif1\0\0\0\0mif1miaf')],
    ['an SVG drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['an SVG drawing', '<?xml version="1.0"?>\n<!-- drawn -->\n<svg/>'],
    ['a JPEG XL image', '\xff\x0a\0\0'],
    ['a JPEG 2000 image', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['a Photoshop document', '8BPS\0\x01'],
    ['an icon', '\0\0\x01\0\x01\0'],
    ['a Netpbm image', 'P6\n2 2\n255\n'],
    ['a PDF document', '%PDF-1.7'],
  ])('%s, with what to do', async (name, beginning) => {
    const reason = await refusal(Buffer.from(beginning, 'latin1'));
    expect(reason).toBe(
      `is ${name}; JPEG, PNG, WebP, GIF, TIFF and AVIF are read: convert it to one of these, for example to PNG`,
    );
  });

  test.each(['jpeg', 'png', 'webp'] as const)('a truncated %s', async (format) => {
    const whole = await picture(3, { width: 90, height: 90 }).toFormat(format).toBuffer();
    for (const share of [0.1, 0.5, 0.95]) {
      const cut = whole.subarray(0, whole.length * share);
      expect(await refusal(cut)).toMatch(/truncated or damaged|cannot be decoded/);
    }
  });

  test('more pixels than the limit', async () => {
    const blank = { width: 10_001, height: 10_000, channels: 3, background: '#000' } as const;
    const huge = await sharp({ create: blank, limitInputPixels: false })
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect(await refusal(huge)).toBe('is too large (over 100 million pixels)');
  });
});
