import { decodeBySharp } from './decode-by-sharp';
import { assertImageFormat } from './image-format';
import { decodeJpeg } from './jpeg/decode-jpeg';
import { decodePlainPng } from './png/decode-plain-png';
import type { RgbImage } from './rgb-image';

/** What is done with a decoded image. */
export type UseImage<Result> = (image: RgbImage) => Result;

export interface DecodeImageOptions {
  /** Whether large JPEGs are searched for damage as small ones always are, at twice the time. Default false. */
  readonly thorough?: boolean;
  /** `stored`: as the file's rows are, whatever EXIF says. Default: `upright`. */
  readonly orientation?: 'upright' | 'stored' | undefined;
  /** Images of more pixels are refused before they are decoded. Default {@link MAX_PIXELS}. */
  readonly maxPixels?: number | undefined;
}

/**
 * The picture a viewer shows, as 8-bit sRGB: turned upright by its EXIF orientation, converted from
 * its embedded colour profile, CMYK, 16-bit and greyscale likewise, what is transparent on white; of a
 * moving picture the first.
 *
 * @param use is given the image, whose memory may be the decoder's: what is to stay is copied before it returns
 * @returns what `use` does
 * @throws `BadImage` where `bytes` are not a whole image of a format that is read, of at most `maxPixels` pixels
 */
export async function decodeImage<Result>(
  bytes: Buffer,
  use: UseImage<Result>,
  options: DecodeImageOptions = {},
): Promise<Result> {
  const format = assertImageFormat(bytes);
  if (format === 'JPEG') return decodeJpeg(bytes, use, options);
  const plain = format === 'PNG' ? decodePlainPng(bytes, options.maxPixels) : undefined;
  return use(plain ?? (await decodeBySharp(bytes, 'error', options)));
}
