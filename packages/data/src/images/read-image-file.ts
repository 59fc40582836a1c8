import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { BadImage } from './bad-image';

/** Larger files are refused unread. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** An image file as it was at one moment. */
export interface ImageBytes {
  readonly bytes: Buffer;
  /** SHA-256 of `bytes`, hexadecimal. */
  readonly contentHash: string;
}

/** Reads and hashes one file. @throws {@link BadImage} where it cannot be an image */
export async function readImageFile(path: string): Promise<ImageBytes> {
  const bytes = await readBounded(path);
  return { bytes, contentHash: createHash('sha256').update(bytes).digest('hex') };
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES) throw new BadImage(`is too large a file (${size} bytes)`);
      return await readWhole(file, size);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof BadImage) throw cause;
    throw new BadImage(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? cause})`);
  }
}

/** For files as small as images, a read of known length takes half the time of `readFile`. */
async function readWhole(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
