import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { BadImage } from './bad-image';

/** Larger files are refused unread. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** A named pipe is opened without waiting for somebody who writes into it. Windows has no such flag, and no such pipes. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** An image file as it was at one moment. */
export interface ImageBytes {
  readonly bytes: Buffer;
  /** SHA-256 of `bytes`, hexadecimal. */
  readonly contentHash: string;
}

/** Reads and hashes one file. @throws {@link BadImage} where it cannot be an image */
export async function readImageFile(path: string): Promise<ImageBytes> {
  try {
    const file = await open(path, READ_AT_ONCE);
    try {
      return withHash(await readWhole(file, lengthOf(await file.stat())));
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

/**
 * As {@link readImageFile}, for a thread of its own: for a small file a third of the work. The bytes lie in memory that the next
 * call takes.
 */
export function readImageFileSync(path: string): ImageBytes {
  try {
    const file = openSync(path, READ_AT_ONCE);
    try {
      return withHash(readWholeSync(file, lengthOf(fstatSync(file))));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

function withHash(bytes: Buffer): ImageBytes {
  return { bytes, contentHash: contentHashOf(bytes) };
}

/** SHA-256 of a file's bytes, hexadecimal. */
export function contentHashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The length of a file that may be read. */
function lengthOf(file: Stats): number {
  if (!file.isFile()) throw new BadImage(`is ${kindOf(file)}, not a regular file`);
  if (file.size > MAX_FILE_BYTES) throw new BadImage(`is too large a file (${file.size} bytes)`);
  return file.size;
}

function kindOf(file: Stats): string {
  if (file.isDirectory()) return 'a folder';
  if (file.isFIFO()) return 'a named pipe';
  if (file.isSocket()) return 'a socket';
  return 'a device';
}

function unreadable(cause: unknown): BadImage {
  if (cause instanceof BadImage) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  // What Linux answers where a socket is opened.
  if (code === 'ENXIO') return new BadImage('is a socket, not a regular file', { cause });
  return new BadImage(`cannot be read (${code ?? cause})`, { cause });
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

/** Larger files get memory of their own. */
const REUSED_BYTES = 1024 * 1024;
let reused: Buffer | undefined;

function readWholeSync(file: number, size: number): Buffer {
  reused ??= Buffer.allocUnsafeSlow(REUSED_BYTES);
  const bytes = size <= REUSED_BYTES ? reused : Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const bytesRead = readSync(file, bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
