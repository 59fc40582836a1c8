import type { CacheOptions } from '../cache/cache-limit';
import type { DecodeOptions } from './decode-files';
import { type PixelTarget, targetOf } from './pixel-target';

export interface LoadProgress {
  /**
   * First files are hashed, to look for them in the cache: some, and the others where those are in it. Then, where
   * needed, all are decoded.
   */
  readonly phase: 'hash' | 'decode';
  readonly completed: number;
  readonly total: number;
}

/** How images are decoded. Height and width are in pixels; images of another size are brought to them by `resize`. */
export interface LoadOptions extends PixelTarget, CacheOptions {
  /** Where decoded images are kept. Default `defaultCacheDirectory()`; `false`: nowhere. */
  readonly cacheDirectory?: string | false | undefined;
  /** `fail` (the default) throws, listing all bad files; `skip` leaves them out and says so. */
  readonly onBadImage?: 'fail' | 'skip' | undefined;
  /** Images decoded at once, many of them by as many threads; memory grows with it. Default: the machine's parallelism. */
  readonly concurrency?: number | undefined;
  /** Hashes by path of files that were read before; what is read now is added. Default: all are read. */
  readonly contentHashes?: Map<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** What of `options` decoding is told. */
export function decodeOptions(options: LoadOptions): DecodeOptions {
  const { concurrency, signal } = options;
  return { ...targetOf(options), concurrency, signal, onProgress: progressOf(options, 'decode') };
}

/** Reports the progress of one phase. */
export function progressOf({ onProgress }: LoadOptions, phase: LoadProgress['phase']) {
  return (
    onProgress && ((completed: number, total: number) => onProgress({ phase, completed, total }))
  );
}
