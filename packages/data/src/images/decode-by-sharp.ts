import { BadImage } from './bad-image';
import type { DecodeImageOptions } from './decode-image';
import { loadSharp } from './load-sharp';
import { MAX_PIXELS, tooManyPixels } from './pixel-limit';
import type { RgbImage } from './rgb-image';

/**
 * The picture of any format that sharp reads: upright, 8-bit sRGB, on white.
 *
 * @param failOn what makes it refuse: `error` what cannot be read, `warning` also what its library warns of
 * @throws {@link BadImage}
 */
export async function decodeBySharp(
  bytes: Buffer,
  failOn: 'error' | 'warning',
  {
    orientation,
    maxPixels = MAX_PIXELS,
  }: Pick<DecodeImageOptions, 'orientation' | 'maxPixels'> = {},
): Promise<RgbImage> {
  const sharp = await loadSharp();
  try {
    const stored = sharp(bytes, { failOn, limitInputPixels: maxPixels });
    const { data, info } = await (orientation === 'stored' ? stored : stored.autoOrient())
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, width: info.width, height: info.height };
  } catch (cause) {
    throw new BadImage(describeFailure(cause, maxPixels), { cause });
  }
}

function describeFailure(cause: unknown, maxPixels: number): string {
  const { message } = cause as Error;
  if (/pixel limit/i.test(message)) return tooManyPixels(maxPixels);
  if (/treated as error/i.test(message)) {
    return 'is truncated or damaged (its coded data are not whole)';
  }
  const said = firstLine(message).replace(/^Vips\w+: /, '');
  if (/premature end|truncated|not enough data|unexpected end|read error|eof|corrupt/i.test(said)) {
    return `is truncated or damaged (${said})`;
  }
  return `cannot be decoded (${said})`;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim() ?? message;
}
