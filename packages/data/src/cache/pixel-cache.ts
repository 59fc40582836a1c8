import { type FileHandle, readdir, stat, utimes } from 'node:fs/promises';
import type { TargetSize } from '../images/pixel-target';
import { type CacheOptions, keepWithinLimit } from './cache-limit';
import {
  type EntryHeader,
  HEADER_SUFFIX,
  headerFile,
  modificationOf,
  PIXELS_SUFFIX,
  pixelsFile,
  readHeader,
  writeHeader,
} from './entry-header';
import { removeAbandoned } from './remove-abandoned';
import { assertRoom, cannotBeWritten } from './writable-cache';
import { writeAtomically } from './write-atomically';

/** Decoded images as they are cached. */
export interface CacheEntry {
  /** The file of raw pixels. */
  readonly path: string;
  /** Images in it. */
  readonly count: number;
  readonly bad: EntryHeader['bad'];
}

/** Whether there is an entry whose key begins so. */
export async function isLikelyCached(directory: string, keyPrefix: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.some((name) => name.startsWith(keyPrefix) && name.endsWith(HEADER_SUFFIX));
}

/**
 * The entry of `key`, of `fileCount` files at `size`; undefined where there is none, or where it is not as
 * it was written. Its pixels are not read.
 */
export async function findEntry(
  directory: string,
  key: string,
  fileCount: number,
  { height, width }: TargetSize,
): Promise<CacheEntry | undefined> {
  const header = await readHeader(directory, key);
  if (!header) return undefined;
  const { bytes, bad, modifiedNs } = header;
  const count = fileCount - bad.length;
  const path = pixelsFile(directory, key);
  if (bytes !== count * height * width * 3) return undefined;
  try {
    if ((await stat(path)).size !== bytes || (await modificationOf(path)) !== modifiedNs) {
      return undefined;
    }
  } catch {
    // The pixels are gone: decoding again makes others.
    return undefined;
  }
  await noteUse(directory, key);
  return { path, count, bad };
}

/** When an entry was last used is when its header seems to have been written. */
async function noteUse(directory: string, key: string): Promise<void> {
  const now = new Date();
  // A cache that may be read alone remembers less.
  await utimes(headerFile(directory, key), now, now).catch(() => {});
}

/** What `writeEntry` is told once the pixels are in the file. */
export interface WrittenPixels {
  readonly key: string;
  readonly count: number;
  readonly bad: EntryHeader['bad'];
}

/**
 * Has `write` put pixels of `size` into a new file, and keeps it: first the pixels, then the header that
 * makes them count. Entries that were not used for longest are removed beyond the cache's limit.
 *
 * @param fileCount images that there will be at most
 * @throws `INVALID_FILE`, before `write` is called where the folder cannot be written or is too full
 */
export async function writeEntry(
  directory: string,
  size: TargetSize,
  fileCount: number,
  options: CacheOptions,
  write: (file: FileHandle) => Promise<WrittenPixels>,
): Promise<CacheEntry> {
  const { height, width } = size;
  await assertRoom(directory, fileCount * height * width * 3);
  let written: WrittenPixels | undefined;
  try {
    await removeAbandoned(directory);
    await writeAtomically(directory, async (file) => {
      written = await write(file);
      return written.key + PIXELS_SUFFIX;
    });
    const { key, count, bad } = written as unknown as WrittenPixels;
    const bytes = count * height * width * 3;
    await writeHeader(directory, key, { bytes, height, width, bad });
    await keepWithinLimit(directory, key, options);
    return { path: pixelsFile(directory, key), count, bad };
  } catch (cause) {
    // What `write` itself found wrong says so itself; only the system's refusals have such a code.
    throw isSystemError(cause) ? cannotBeWritten(directory, cause) : cause;
  }
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}
