import type { ImageFile } from '../dataset/dataset';
import { orBadImage } from './bad-image';
import { mapConcurrently } from './map-concurrently';
import { readImageFile } from './read-image-file';

/** Files read at once: enough to hide the disk's latency, few enough to stay small in memory. */
const CONCURRENCY = 16;

export interface ContentHashOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
}

/** The SHA-256 of each file's bytes, in order; of a file that cannot be read, why. */
export function contentHashes(
  files: readonly ImageFile[],
  options: ContentHashOptions = {},
): Promise<string[]> {
  const concurrent = { ...options, concurrency: CONCURRENCY, task: 'Reading images' };
  return mapConcurrently(files, concurrent, async ({ path }) => {
    const read = await orBadImage(() => readImageFile(path));
    return 'contentHash' in read ? read.contentHash : read.reason;
  });
}
