import { open } from 'node:fs/promises';
import { bytesPerImage, DlcmpError, type ImageSize, type LabelledImages } from '../contract';

/** Decoded images in a file, so that a process of its own can read them without decoding. */
export interface ImageFile {
  /** File that begins with [count × height × width × 3] bytes of pixels. */
  readonly pixelsPath: string;
  /** [count] class indices. */
  readonly labels: Int32Array;
  readonly count: number;
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
        throw new DlcmpError('INVALID_FILE', `${file.pixelsPath} is shorter than its images.`);
      }
      filled += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return { pixels, labels: file.labels, count: file.count };
}
