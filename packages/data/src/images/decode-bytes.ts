import { DlcmpError } from '@dlcmp/contract';
import { BadImage } from './bad-image';
import { type DecodeImageOptions, decodeImage } from './decode-image';
import { fitImage } from './fit-image';
import { assertTarget, type PixelTarget } from './pixel-target';

/** What an image that came as bytes is brought to, and how large it may be. */
export interface DecodeBytesOptions
  extends PixelTarget,
    Pick<DecodeImageOptions, 'maxPixels' | 'thorough'> {}

/**
 * The pixels of one image that came over a network, say: JPEG, PNG, WebP, GIF, TIFF or AVIF, decoded and resized as
 * `loadImages` does.
 *
 * @returns [height × width × 3] bytes, RGB
 * @throws `INVALID_DATA` where `bytes` are not a whole image of at most `maxPixels` pixels, `INVALID_ARGUMENT`,
 *   `FRAMEWORK_MISSING`
 */
export async function decodeBytes(
  bytes: Uint8Array,
  options: DecodeBytesOptions,
): Promise<Uint8Array> {
  assertTarget(options);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return await decodeImage(file, (image) => fitImage(image, options).pixels.slice(), options);
  } catch (cause) {
    if (!(cause instanceof BadImage)) throw cause;
    throw new DlcmpError(
      'INVALID_DATA',
      `The image ${cause.reason}. Give a whole JPEG, PNG or WebP file.`,
      { cause },
    );
  }
}
