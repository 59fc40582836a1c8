import sharp, { type Sharp } from 'sharp';

/** One kind of file that people have among their images. */
export interface ImageKind {
  readonly name: string;
  /** Of the file. */
  readonly fileName: string;
  readonly content: Buffer;
  /** Why it is not taken, as errors say it; absent where it is. */
  readonly refused?: RegExp;
}

/** A picture of its own: smooth, so that any format carries it well. */
export function picture(variant: number, width = 24, height = 20) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = 128 + 100 * Math.sin(at / (5 + (variant % 7)) + variant);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const large = picture(3, 160, 120);
const CONVERT = /convert it to one of these/;
const DAMAGED = /damaged|truncated|ends|cut|corrupt|incomplete|premature|cannot be decoded/i;

/** Every kind, encoded. */
export async function imageKinds(): Promise<ImageKind[]> {
  return [
    ...(await soundKinds()),
    ...(await oddNames()),
    ...(await damagedKinds()),
    ...otherKinds(),
  ];
}

async function soundKinds(): Promise<ImageKind[]> {
  const kinds: Readonly<Record<string, [string, Sharp]>> = {
    JPEG: ['jpg', picture(1).jpeg()],
    'progressive JPEG': ['jpg', picture(2).jpeg({ progressive: true })],
    'grey JPEG': ['jpg', picture(3).greyscale().jpeg()],
    'CMYK JPEG': ['jpg', picture(4).toColourspace('cmyk').jpeg()],
    'turned JPEG': ['jpg', picture(5).withMetadata({ orientation: 6 }).jpeg()],
    PNG: ['png', picture(6).png()],
    'interlaced PNG': ['png', picture(7).png({ progressive: true })],
    'palette PNG': ['png', picture(8).png({ palette: true })],
    '16-bit PNG': ['png', picture(9).toColourspace('rgb16').png()],
    'transparent PNG': ['png', picture(10).ensureAlpha(0.5).png()],
    'PNG of one pixel': ['png', picture(11, 1, 1).png()],
    'PNG of one line': ['png', picture(12, 900, 1).png()],
    WebP: ['webp', picture(13).webp()],
    'lossless WebP': ['webp', picture(14).webp({ lossless: true })],
    GIF: ['gif', picture(15).gif()],
    TIFF: ['tif', picture(16).tiff()],
    'LZW TIFF': ['tiff', picture(17).tiff({ compression: 'lzw' })],
    AVIF: ['avif', picture(18, 64, 64).avif()],
  };
  return Promise.all(
    Object.entries(kinds).map(async ([name, [ending, image]]) => ({
      name,
      fileName: `odd.${ending}`,
      content: await image.toBuffer(),
    })),
  );
}

async function oddNames(): Promise<ImageKind[]> {
  const names: Readonly<Record<string, string>> = {
    'an ending in capitals': 'ODD.PNG',
    'no ending': 'odd',
    'the ending of another format': 'odd.jpg',
    'spaces and accents': 'été à la mer.png',
    'a name of 200 characters': `${'l'.repeat(196)}.png`,
  };
  return Promise.all(
    Object.entries(names).map(async ([name, fileName], index) => ({
      name,
      fileName,
      content: await picture(40 + index)
        .png()
        .toBuffer(),
    })),
  );
}

async function damagedKinds(): Promise<ImageKind[]> {
  const jpeg = await large.clone().jpeg().toBuffer();
  const png = await large.clone().png().toBuffer();
  const webp = await large.clone().webp().toBuffer();
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
  const flipped = Buffer.from(png);
  const middle = Math.floor(png.length / 2);
  flipped.writeUInt8(flipped.readUInt8(middle) ^ 0xff, middle);
  return [
    { name: 'half a JPEG', fileName: 'odd.jpg', content: half(jpeg), refused: DAMAGED },
    {
      name: 'a JPEG without its end',
      fileName: 'odd.jpg',
      content: jpeg.subarray(0, -10),
      refused: DAMAGED,
    },
    {
      name: 'the first bytes of a JPEG',
      fileName: 'odd.jpg',
      content: jpeg.subarray(0, 40),
      refused: /./,
    },
    { name: 'half a PNG', fileName: 'odd.png', content: half(png), refused: DAMAGED },
    { name: 'a PNG with a flipped byte', fileName: 'odd.png', content: flipped, refused: DAMAGED },
    { name: 'half a WebP', fileName: 'odd.webp', content: half(webp), refused: DAMAGED },
  ];
}

function otherKinds(): ImageKind[] {
  const file = (name: string, fileName: string, content: string, refused = CONVERT): ImageKind => ({
    name,
    fileName,
    content: Buffer.from(content, 'latin1'),
    refused,
  });
  return [
    file('an empty file', 'odd.jpg', '', /is empty \(0 bytes\)/),
    file('a web page', 'odd.jpg', '<!DOCTYPE html><html></html>', /is not an image/),
    file('text', 'odd.png', 'hello', /is not an image/),
    file('zeros', 'odd.png', '\0'.repeat(64), /is not an image/),
    file('HEIC', 'odd.heic', `\0\0\0\x18ftypheic\0\0\0\0mif1heic${'\0'.repeat(99)}`),
    file('BMP', 'odd.bmp', `BM${'\0'.repeat(12)}\x28${'\0'.repeat(60)}`),
    file('SVG', 'odd.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    file('JPEG XL', 'odd.jxl', '\xff\x0a\0\0'),
    file('JPEG 2000', 'odd.jp2', '\0\0\0\x0cjP  \r\n\x87\n'),
    file('Photoshop', 'odd.psd', '8BPS\0\x01'),
    file('an icon', 'odd.ico', '\0\0\x01\0\x01\0'),
    file('Netpbm', 'odd.ppm', 'P6 1 1 255\nabc'),
    file('PDF', 'odd.pdf', '%PDF-1.7'),
  ];
}
