import { BadImage } from './bad-image';
import { assertImageFormat } from './image-format';
import { loadSharp } from './load-sharp';

/**
 * How pixels are averaged where an image is resized: a triangle as wide as the reduction, which is
 * the antialiased bilinear filter of Pillow and torchvision, what models are usually trained with.
 */
export const RESIZE_KERNEL = 'linear';

/** Images with more pixels are refused: decoded, one would take more than 300 MB. */
export const MAX_PIXELS = 100_000_000;

/** One decoded image: rows of RGB bytes. */
export interface RgbImage {
  /** [height × width × 3] */
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * The picture a viewer shows, as 8-bit sRGB: turned upright by its EXIF orientation, converted from
 * its embedded colour profile, CMYK, 16-bit and greyscale likewise, what is transparent on white.
 *
 * @throws {@link BadImage} where `bytes` are not a whole JPEG, PNG or WebP of at most
 *   {@link MAX_PIXELS} pixels
 */
export async function decodeImage(bytes: Buffer): Promise<RgbImage> {
  assertImageFormat(bytes);
  const sharp = await loadSharp();
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, width: info.width, height: info.height };
  } catch (cause) {
    throw new BadImage(describeFailure(cause), { cause });
  }
}

/**
 * `image` stretched to exactly `width` × `height` with {@link RESIZE_KERNEL}; unchanged where it has
 * that size. Resizing starts from all pixels, never from a decoder's own reduction.
 */
export async function resizeImage(
  image: RgbImage,
  width: number,
  height: number,
): Promise<RgbImage> {
  if (image.width === width && image.height === height) return image;
  const sharp = await loadSharp();
  const pixels = await sharp(image.pixels, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: MAX_PIXELS,
  })
    .resize(width, height, { fit: 'fill', kernel: RESIZE_KERNEL })
    .raw()
    .toBuffer();
  return { pixels, width, height };
}

function describeFailure(cause: unknown): string {
  const { message } = cause as Error;
  if (/pixel limit/i.test(message)) {
    return `is too large (over ${MAX_PIXELS / 1_000_000} million pixels)`;
  }
  if (/premature end|truncated|not enough data|unexpected end|read error|eof/i.test(message)) {
    return `is truncated or damaged (${firstLine(message)})`;
  }
  return `cannot be decoded (${firstLine(message)})`;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim() ?? message;
}
