import { dirname } from 'node:path';
import { DlcmpError, type LabelledImages } from '@dlcmp/contract';
import { cacheKey } from '../cache/cache-key';
import { defaultCacheDirectory } from '../cache/default-cache-directory';
import {
  type CachedPixels,
  pixelsFile,
  readPixelCache,
  writePixelCache,
} from '../cache/pixel-cache';
import type { ImageFile, LabelledFile } from '../dataset/dataset';
import { listing } from '../dataset/problem';
import { contentHashes } from './content-hashes';
import { assertTargetSize, decodeFiles } from './decode-files';

export interface LoadProgress {
  /** First every file is hashed, to look for it in the cache; then, where needed, decoded. */
  readonly phase: 'hash' | 'decode';
  readonly completed: number;
  readonly total: number;
}

export interface LoadOptions {
  /** Pixels; images of another size are stretched to it. */
  readonly height: number;
  readonly width: number;
  /** Where decoded images are kept. Default {@link defaultCacheDirectory}; `false`: nowhere. */
  readonly cacheDirectory?: string | false | undefined;
  /** `fail` (the default) throws, listing all bad files; `skip` leaves them out and says so. */
  readonly onBadImage?: 'fail' | 'skip' | undefined;
  /** Images decoded at once; memory grows with it. Default: the machine's parallelism. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** A file that was left out. */
export interface SkippedFile {
  readonly path: string;
  /** Completes the sentence "FILE …". */
  readonly reason: string;
}

/** Decoded images, and where they come from. */
export interface LoadedPixels<File extends ImageFile> {
  /** [count × height × width × 3] bytes: batch, height, width, RGB. */
  readonly pixels: Uint8Array;
  readonly count: number;
  /** The file of each image, in order. */
  readonly files: readonly File[];
  readonly skipped: readonly SkippedFile[];
  readonly fromCache: boolean;
  /** The file of exactly `pixels`, for another process to read; absent without a cache. */
  readonly pixelsPath?: string;
}

export type LoadedImages = LoadedPixels<LabelledFile> & LabelledImages;

/**
 * Decodes the images of a data set's split, or fetches them from the cache: see `decodeImage` for
 * what comes out as pixels, {@link cacheKey} for what makes the cache decode anew.
 *
 * @throws `INVALID_DATA` listing every bad file with its reason, or where no image is left;
 *   or none of a class; `INVALID_ARGUMENT`, `ABORTED`, `FRAMEWORK_MISSING`, `INVALID_FILE`
 */
export async function loadImages(
  files: readonly LabelledFile[],
  options: LoadOptions,
): Promise<LoadedImages> {
  const loaded = await loadPixels(files, options);
  assertNoClassEmptied(files, loaded);
  return { ...loaded, labels: Int32Array.from(loaded.files, ({ label }) => label) };
}

/** As {@link loadImages}, of files that need no class. */
export async function loadPixels<File extends ImageFile>(
  files: readonly File[],
  options: LoadOptions,
): Promise<LoadedPixels<File>> {
  assertTargetSize(options);
  const { cacheDirectory = defaultCacheDirectory(), onBadImage = 'fail' } = options;
  const source =
    cacheDirectory === false
      ? { entry: await decode(files, options), fromCache: false }
      : await decodeThroughCache(files, options, cacheDirectory);
  const { pixels, bad } = source.entry;
  const reasons = new Map(bad.map(({ index, reason }) => [index, reason]));
  const skipped = bad.map(({ index, reason }) => ({ path: files[index]?.path ?? '', reason }));
  if (onBadImage === 'fail') assertNoneBad(skipped);
  const kept = files.filter((_, index) => !reasons.has(index));
  if (kept.length === 0) {
    throw new DlcmpError('INVALID_DATA', listing('No image could be loaded:', describe(skipped)));
  }
  const { fromCache, pixelsPath } = source;
  const origin = pixelsPath === undefined ? { fromCache } : { fromCache, pixelsPath };
  return { pixels, count: kept.length, files: kept, skipped, ...origin };
}

interface PixelSource {
  readonly entry: CachedPixels;
  readonly fromCache: boolean;
  readonly pixelsPath?: string;
}

async function decodeThroughCache(
  files: readonly ImageFile[],
  options: LoadOptions,
  directory: string,
): Promise<PixelSource> {
  const { height, width, signal } = options;
  const hashes = await contentHashes(files, { signal, onProgress: progressOf(options, 'hash') });
  const wanted = await cacheKey(hashes, height, width);
  const cached = await readPixelCache(directory, wanted);
  if (cached) return { entry: cached, fromCache: true, pixelsPath: pixelsFile(directory, wanted) };
  const decoded = await decode(files, options);
  // A file may have changed since it was hashed: the entry belongs to what was decoded.
  const key = await cacheKey(decoded.contentHashes, height, width);
  await writePixelCache(directory, key, decoded);
  return { entry: decoded, fromCache: false, pixelsPath: pixelsFile(directory, key) };
}

function decode(files: readonly ImageFile[], options: LoadOptions) {
  const { height, width, concurrency, signal } = options;
  const onProgress = progressOf(options, 'decode');
  return decodeFiles(files, { height, width, concurrency, signal, onProgress });
}

function progressOf({ onProgress }: LoadOptions, phase: LoadProgress['phase']) {
  return (
    onProgress && ((completed: number, total: number) => onProgress({ phase, completed, total }))
  );
}

function assertNoneBad(bad: readonly SkippedFile[]): void {
  if (bad.length === 0) return;
  const images = bad.length === 1 ? '1 image' : `${bad.length} images`;
  const headline = `${images} cannot be used. Repair or remove them, or leave bad images out (onBadImage: 'skip', on the command line --on-bad-image skip):`;
  throw new DlcmpError('INVALID_DATA', listing(headline, describe(bad)));
}

function assertNoClassEmptied(
  files: readonly LabelledFile[],
  { files: kept, skipped }: LoadedPixels<LabelledFile>,
): void {
  const labels = new Set(kept.map(({ label }) => label));
  const lost = files.filter(({ label }) => !labels.has(label));
  if (lost.length === 0) return;
  const folders = [...new Set(lost.map(({ path }) => dirname(path)))];
  const headline = `No image is left of ${folders.length === 1 ? 'the class' : 'the classes'} in ${folders.join(' and ')}. Put images there that can be read, or remove the class from both splits:`;
  const paths = new Set(lost.map(({ path }) => path));
  const reasons = describe(skipped.filter(({ path }) => paths.has(path)));
  throw new DlcmpError('INVALID_DATA', listing(headline, reasons));
}

function describe(bad: readonly SkippedFile[]): string[] {
  return bad.map(({ path, reason }) => `${path} ${reason}`);
}
