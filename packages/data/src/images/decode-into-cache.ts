import { cacheKey, cacheKeyPrefix, SAMPLED_FILES } from '../cache/cache-key';
import { type CacheEntry, findEntry, isLikelyCached, writeEntry } from '../cache/pixel-cache';
import type { ImageFile } from '../dataset/dataset';
import { BadImage, orBadImage } from './bad-image';
import { contentHashes } from './content-hashes';
import { decodeFiles } from './decode-files';
import { decodeOptions, type LoadOptions, progressOf } from './load-options';
import { mapConcurrently } from './map-concurrently';
import { FileSink } from './pixel-sink';
import { readImageFile } from './read-image-file';

/**
 * Finds the decoded `files` in the cache, or decodes them into it. Each file is read once: where the first
 * few are not in the cache, the others are hashed as they are decoded.
 *
 * @throws `INVALID_FILE` before decoding where the cache cannot be written; `ABORTED`
 */
export async function decodeIntoCache(
  files: readonly ImageFile[],
  options: LoadOptions,
  directory: string,
): Promise<{ readonly entry: CacheEntry; readonly fromCache: boolean }> {
  const sample = await readSample(files, options);
  const prefix = await cacheKeyPrefix(sample.hashes, files.length, options);
  if (await isLikelyCached(directory, prefix)) {
    const hashes = [...sample.hashes, ...(await hashOthers(files, options))];
    const key = await cacheKey(hashes, options);
    const entry = await findEntry(directory, key, files.length, options);
    if (entry) return { entry, fromCache: true };
  }
  const entry = await writeEntry(directory, options, files.length, options, async (file) => {
    const sink = new FileSink(file, files.length, options);
    const decoded = await decodeFiles(files, sink, { ...decodeOptions(options), ...sample });
    noteHashes(files, decoded, options);
    // A file may have changed since it was hashed: the entry belongs to what was decoded.
    const key = await cacheKey(decoded.contentHashes, options);
    return { key, count: files.length - decoded.bad.length, bad: decoded.bad };
  });
  return { entry, fromCache: false };
}

/** Larger files are read again rather than held. */
const MOST_HELD_BYTES = 4 * 1024 * 1024;

/** The hashes of the first files, and their bytes, as far as they are not large. */
async function readSample(files: readonly ImageFile[], options: LoadOptions) {
  const { signal, contentHashes: known } = options;
  const held = new Map<number, Buffer>();
  const report = progressOf(options, 'hash');
  const onProgress = report && ((completed: number) => report(completed, files.length));
  const concurrent = { signal, onProgress, concurrency: SAMPLED_FILES, task: 'Reading images' };
  const hashes = await mapConcurrently(
    files.slice(0, SAMPLED_FILES),
    concurrent,
    async ({ path }, index) => {
      const hash = known?.get(path);
      if (hash !== undefined) return hash;
      const read = await orBadImage(() => readImageFile(path));
      if (read instanceof BadImage) return read.reason;
      known?.set(path, read.contentHash);
      if (read.bytes.length <= MOST_HELD_BYTES) held.set(index, read.bytes);
      return read.contentHash;
    },
  );
  return { hashes, held };
}

function hashOthers(files: readonly ImageFile[], options: LoadOptions): Promise<string[]> {
  const { signal, contentHashes: known } = options;
  const report = progressOf(options, 'hash');
  const onProgress =
    report && ((completed: number) => report(SAMPLED_FILES + completed, files.length));
  return contentHashes(files.slice(SAMPLED_FILES), { signal, known, onProgress });
}

function noteHashes(
  files: readonly ImageFile[],
  { bad, contentHashes: hashes }: Awaited<ReturnType<typeof decodeFiles>>,
  { contentHashes: known }: LoadOptions,
): void {
  const isBad = new Set(bad.map(({ index }) => index));
  for (const [index, { path }] of files.entries()) {
    if (!isBad.has(index)) known?.set(path, hashes[index] as string);
  }
}
