import { BadImage, orBadImage } from './bad-image';
import { decodeImage } from './decode-image';
import { fitImage } from './fit-image';
import type { PixelTarget } from './pixel-target';
import { contentHashOf, type ImageBytes } from './read-image-file';
import type { RgbImage } from './rgb-image';

/** A file's path, or its bytes where they were read before. */
export type ImageSource = string | Uint8Array;

/** Some images of one size. */
export interface DecodedChunk {
  /** [images × height × width × 3]; zeros where one is bad. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** By place in the chunk. */
  readonly bad: readonly { readonly index: number; readonly reason: string }[];
  /** Of each file; why it has none where it cannot be read. */
  readonly contentHashes: readonly string[];
}

/**
 * Reads with `read`, decodes and resizes some images, one after the other.
 *
 * @param memory for the pixels; where it is none or too small, new memory is taken
 */
export async function decodeChunk(
  sources: readonly ImageSource[],
  target: PixelTarget,
  read: (path: string) => ImageBytes | Promise<ImageBytes>,
  memory = new ArrayBuffer(0),
): Promise<DecodedChunk> {
  const bytesPerImage = target.height * target.width * 3;
  const length = sources.length * bytesPerImage;
  const pixels =
    memory.byteLength < length ? new Uint8Array(length) : new Uint8Array(memory, 0, length);
  const bad: { index: number; reason: string }[] = [];
  const contentHashes: string[] = [];
  for (const [index, source] of sources.entries()) {
    const file = await orBadImage(async () => open(source, read));
    contentHashes.push(file instanceof BadImage ? file.reason : file.contentHash);
    const put = (image: RgbImage) =>
      pixels.set(fitImage(image, target).pixels, index * bytesPerImage);
    const outcome =
      file instanceof BadImage
        ? file
        : await orBadImage(() => decodeImage(file.bytes, put, target));
    if (outcome instanceof BadImage) {
      bad.push({ index, reason: outcome.reason });
      pixels.fill(0, index * bytesPerImage, (index + 1) * bytesPerImage);
    }
  }
  return { pixels, bad, contentHashes };
}

function open(
  source: ImageSource,
  read: (path: string) => ImageBytes | Promise<ImageBytes>,
): ImageBytes | Promise<ImageBytes> {
  if (typeof source === 'string') return read(source);
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return { bytes, contentHash: contentHashOf(bytes) };
}
