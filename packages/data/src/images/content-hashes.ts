import type { ImageFile } from '../dataset/dataset';
import { BadImage, orBadImage } from './bad-image';
import { mapConcurrently } from './map-concurrently';
import { readImageFile } from './read-image-file';

/** Files read at once: enough to hide the disk's latency, few enough to stay small in memory. */
const CONCURRENCY = 16;

export interface ContentHashOptions {
  /** Hashes by path of files that were read before; they are not read again, and others are added. */
  readonly known?: Map<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
}

/** The SHA-256 of each file's bytes, in order; of a file that cannot be read, why. */
export function contentHashes(
  files: readonly ImageFile[],
  { known, ...options }: ContentHashOptions = {},
): Promise<string[]> {
  const concurrent = { ...options, concurrency: CONCURRENCY, task: 'Reading images' };
  return mapConcurrently(files, concurrent, async ({ path }) => {
    const hash = known?.get(path);
    if (hash !== undefined) return hash;
    const read = await orBadImage(() => readImageFile(path));
    if (read instanceof BadImage) return read.reason;
    known?.set(path, read.contentHash);
    return read.contentHash;
  });
}
