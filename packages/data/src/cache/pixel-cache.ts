import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { UNFINISHED_SUFFIX, writeAtomically } from './write-atomically';

/** Decoded images as they are cached. */
export interface CachedPixels {
  /** [kept images × height × width × 3] */
  readonly pixels: Uint8Array;
  /** Files that could not be decoded: index among all files of the key, and why. */
  readonly bad: readonly { readonly index: number; readonly reason: string }[];
}

/** Beside each file of pixels; an entry counts only once this is there. */
interface EntryHeader {
  readonly bytes: number;
  /** When the pixels were last written, in nanoseconds: whoever touches them makes the entry void. */
  readonly modifiedNs: string;
  readonly bad: CachedPixels['bad'];
}

/** Read or written at once. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** What a killed process left is removed after a day, when surely nobody writes it any more. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** The raw pixels of an entry: bytes in batch, height, width, RGB order, and nothing else. */
export function pixelsFile(directory: string, key: string): string {
  return join(directory, `${key}.rgb`);
}

const headerFile = (directory: string, key: string) => join(directory, `${key}.json`);

/** The entry of `key`; undefined where there is none, or its pixels are not as they were written. */
export async function readPixelCache(
  directory: string,
  key: string,
): Promise<CachedPixels | undefined> {
  try {
    const text = await readFile(headerFile(directory, key), 'utf8');
    const header = JSON.parse(text) as EntryHeader;
    const path = pixelsFile(directory, key);
    if ((await modificationOf(path)) !== header.modifiedNs) return undefined;
    const pixels = await readPixels(path, header.bytes);
    return pixels && { pixels, bad: header.bad };
  } catch {
    // Whatever keeps an entry from being read, decoding again makes a good one.
    return undefined;
  }
}

async function modificationOf(path: string): Promise<string> {
  return String((await stat(path, { bigint: true })).mtimeNs);
}

/** All of a file that should be `bytes` long; undefined where it is not. */
async function readPixels(path: string, bytes: number): Promise<Uint8Array | undefined> {
  const pixels = new Uint8Array(bytes);
  const file = await open(path);
  try {
    if ((await file.stat()).size !== bytes) return undefined;
    for (let offset = 0; offset < bytes; ) {
      const { bytesRead } = await file.read(
        pixels,
        offset,
        Math.min(CHUNK_BYTES, bytes - offset),
        offset,
      );
      if (bytesRead === 0) return undefined;
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
  return pixels;
}

/**
 * Keeps `entry` under `key`: first the pixels, then the header that makes them count.
 *
 * @throws `INVALID_FILE` where the folder cannot be written
 */
export async function writePixelCache(
  directory: string,
  key: string,
  entry: CachedPixels,
): Promise<void> {
  try {
    await makeFolder(directory);
    await removeAbandoned(directory);
    const path = pixelsFile(directory, key);
    await writeAtomically(path, (file) => file.writeFile(entry.pixels));
    const modifiedNs = await modificationOf(path);
    const header: EntryHeader = { bytes: entry.pixels.length, modifiedNs, bad: entry.bad };
    await writeAtomically(headerFile(directory, key), (file) =>
      file.writeFile(JSON.stringify(header)),
    );
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? cause;
    const message = `The image cache ${directory} cannot be written (${code}). Free space there, or choose another cache directory.`;
    throw new DlcmpError('INVALID_FILE', message, { cause });
  }
}

async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith(UNFINISHED_SUFFIX)) continue;
    const path = join(directory, name);
    const modified = await stat(path).catch(() => undefined);
    if (modified && Date.now() - modified.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path, { force: true });
    }
  }
}
