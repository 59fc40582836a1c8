import { decodeBySharp } from './decode-by-sharp';
import { assertImageFormat } from './image-format';
import { decodeJpeg } from './jpeg/decode-jpeg';
import type { RgbImage } from './rgb-image';

export interface DecodeImageOptions {
  /** Whether large JPEGs are searched for damage as small ones always are, at twice the time. Default false. */
  readonly thorough?: boolean;
}

/**
 * The picture a viewer shows, as 8-bit sRGB: turned upright by its EXIF orientation, converted from
 * its embedded colour profile, CMYK, 16-bit and greyscale likewise, what is transparent on white; of a
 * moving picture the first.
 *
 * @throws `BadImage` where `bytes` are not a whole image of a format that is read, of at most `MAX_PIXELS` pixels
 */
export async function decodeImage(
  bytes: Buffer,
  options: DecodeImageOptions = {},
): Promise<RgbImage> {
  const format = assertImageFormat(bytes);
  return format === 'JPEG' ? decodeJpeg(bytes, options) : decodeBySharp(bytes, 'error');
}
