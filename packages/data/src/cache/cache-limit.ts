import { listCache, removeEntry } from './cache-entries';

export interface CacheOptions {
  /**
   * Bytes that the cache may take. When an entry is added, those beyond are removed that were not used for
   * longest; what was used within a day is kept, since a run may still need it. Default 20 GB.
   */
  readonly cacheLimitBytes?: number | undefined;
}

export const DEFAULT_CACHE_LIMIT_BYTES = 20e9;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes what is too much, `newest` excepted. */
export async function keepWithinLimit(
  directory: string,
  newest: string,
  { cacheLimitBytes = DEFAULT_CACHE_LIMIT_BYTES }: CacheOptions,
): Promise<void> {
  let total = 0;
  for (const { key, bytes, lastUsed } of await listCache(directory)) {
    total += bytes;
    const isOld = Date.now() - lastUsed.getTime() > DAY_MS;
    if (total > cacheLimitBytes && isOld && key !== newest) {
      await removeEntry(directory, key);
      total -= bytes;
    }
  }
}
