import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCacheDirectory } from '@dlcmp/contract';
import { HEADER_SUFFIX, headerFile, PIXELS_SUFFIX, pixelsFile, readHeader } from './entry-header';
import { removeAbandoned } from './remove-abandoned';

/** Decoded images in the cache. */
export interface CachedImages {
  readonly key: string;
  /** The file of raw pixels. */
  readonly path: string;
  /** On disk. */
  readonly bytes: number;
  /** Images in it, and their size in pixels; absent where the header cannot be read. */
  readonly images?: { readonly count: number; readonly height: number; readonly width: number };
  /** When it was last written or read. */
  readonly lastUsed: Date;
}

/** The pixels of all entries have names of 64 hexadecimal digits; other files are nobody's business here. */
const PIXELS_NAME = new RegExp(`^([0-9a-f]{64})\\${PIXELS_SUFFIX}$`);
const HEADER_NAME = new RegExp(`^([0-9a-f]{64})\\${HEADER_SUFFIX}$`);

/**
 * What the cache of decoded images holds, the last used first; nothing where there is no such folder.
 *
 * @param directory default {@link defaultCacheDirectory}
 */
export async function listCache(directory = defaultCacheDirectory()): Promise<CachedImages[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const keys = names.flatMap((name) => PIXELS_NAME.exec(name)?.[1] ?? []);
  const entries = await Promise.all(keys.map((key) => describeEntry(directory, key)));
  return entries
    .filter((entry) => entry !== undefined)
    .sort((left, right) => right.lastUsed.getTime() - left.lastUsed.getTime());
}

async function describeEntry(directory: string, key: string): Promise<CachedImages | undefined> {
  const path = pixelsFile(directory, key);
  const pixels = await stat(path).catch(() => undefined);
  // Another process was quicker to remove it.
  if (!pixels) return undefined;
  const header = await readHeader(directory, key);
  const used = await stat(headerFile(directory, key)).catch(() => pixels);
  const entry = { key, path, bytes: pixels.size, lastUsed: used.mtime };
  if (!header) return entry;
  const { height, width } = header;
  return { ...entry, images: { count: header.bytes / (height * width * 3), height, width } };
}

/**
 * Removes all decoded images from the cache, headers without pixels included. A process that has them open
 * reads on; one that is yet to open them decodes again.
 *
 * @param directory default {@link defaultCacheDirectory}
 * @returns what was removed
 */
export async function clearCache(directory = defaultCacheDirectory()): Promise<CachedImages[]> {
  const entries = await listCache(directory);
  for (const { key } of entries) await removeEntry(directory, key);
  const left = await readdir(directory).catch(() => undefined);
  if (left) await removeAbandoned(directory);
  for (const name of left ?? []) {
    if (HEADER_NAME.test(name)) await rm(join(directory, name), { force: true });
  }
  return entries;
}

/** The header goes first: without it the pixels count for nothing. */
export async function removeEntry(directory: string, key: string): Promise<void> {
  await rm(headerFile(directory, key), { force: true });
  await rm(pixelsFile(directory, key), { force: true });
}
