import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DlcmpError } from './errors';
import { assertReadable, bytesPerImage, type ImageSize, type PixelSource } from './images';

/** Images in a file that stays open. */
export interface PixelFile extends PixelSource {
  readonly file: { readonly path: string; readonly offset: number };
  /** Lets go of the file; nothing can be read afterwards. Idempotent. */
  close(): void;
}

/**
 * Opens `count` images of `size` in the file `path`: raw RGB bytes, one image behind the other, as the
 * cache of `@dlcmp/data` has them. A batch's images are read from their places when they are wanted;
 * those next to one another with one read.
 *
 * @param offset bytes before the first image. Default 0
 * @throws `INVALID_FILE` where it cannot be opened, or is shorter than its images
 */
export function openPixelFile(path: string, count: number, size: ImageSize, offset = 0): PixelFile {
  const bytes = bytesPerImage(size);
  let descriptor: number | undefined = openLongEnough(path, offset + count * bytes);
  const source = { count, bytesPerImage: bytes, file: { path, offset } };
  return {
    ...source,
    read(indices, into) {
      assertReadable(source, indices, into);
      if (descriptor === undefined) throw unreadable(path, 'it has been closed');
      for (let position = 0; position < indices.length; ) {
        const first = indices[position] as number;
        const run = runLength(indices, position);
        const target = into.subarray(position * bytes, (position + run) * bytes);
        readAll(descriptor, target, offset + first * bytes, path);
        position += run;
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function openLongEnough(path: string, bytes: number): number {
  const descriptor = openOrRefuse(path);
  const { size } = fstatSync(descriptor);
  if (size >= bytes) return descriptor;
  closeSync(descriptor);
  throw unreadable(path, `it holds ${size} bytes, and its images take ${bytes}`);
}

function openOrRefuse(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, (cause as Error).message, cause);
  }
}

/** How many indices from `position` on each follow the one before. */
function runLength(indices: ArrayLike<number>, position: number): number {
  const first = indices[position] as number;
  let length = 1;
  while (indices[position + length] === first + length) length++;
  return length;
}

function readAll(descriptor: number, target: Uint8Array, position: number, path: string): void {
  for (let filled = 0; filled < target.length; ) {
    const read = readSync(descriptor, target, filled, target.length - filled, position + filled);
    if (read === 0) throw unreadable(path, 'it has become shorter');
    filled += read;
  }
}

function unreadable(path: string, reason: string, cause?: unknown): DlcmpError {
  const message = `The pixels in ${path} cannot be read: ${reason}. Load the images again.`;
  return new DlcmpError('INVALID_FILE', message, { cause });
}
