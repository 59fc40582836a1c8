import { open } from 'node:fs/promises';
import { bytesPerImage, DlcmpError, type ImageSize, type LabelledImages } from '@dlcmp/contract';

/** Decoded images in a file, so that a process of its own can read them without decoding. */
export interface ImageFile {
  /** File that begins with [count × height × width × 3] bytes of pixels. */
  readonly pixelsPath: string;
  /** [count] class indices. */
  readonly labels: Int32Array;
  readonly count: number;
}

const origins = new WeakMap<ArrayBufferLike, string>();

/** Where the bytes of `pixels` lie on disk, if {@link readImageFile} read them from a file. */
export function fileBehind(
  pixels: Uint8Array,
): { readonly path: string; readonly offset: number } | undefined {
  const path = origins.get(pixels.buffer);
  return path === undefined ? undefined : { path, offset: pixels.byteOffset };
}

/** Reads all of `file` into memory. */
export async function readImageFile(file: ImageFile, size: ImageSize): Promise<LabelledImages> {
  const pixels = new Uint8Array(file.count * bytesPerImage(size));
  const handle = await open(file.pixelsPath);
  try {
    let filled = 0;
    while (filled < pixels.length) {
      const { bytesRead } = await handle.read(pixels, filled, pixels.length - filled, filled);
      if (bytesRead === 0) {
        throw new DlcmpError(
          'INVALID_FILE',
          `${file.pixelsPath} is shorter than its images. Load the images again.`,
        );
      }
      filled += bytesRead;
    }
  } finally {
    await handle.close();
  }
  origins.set(pixels.buffer, file.pixelsPath);
  return { pixels, labels: file.labels, count: file.count };
}
