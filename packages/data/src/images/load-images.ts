import { open } from 'node:fs/promises';
import {
  DlcmpError,
  defaultCacheDirectory,
  type LabelledImages,
  openPixelFile,
  type PixelFile,
  type TrainingImages,
} from '@dlcmp/contract';
import type { ImageFile, LabelledFile } from '../dataset/dataset';
import { decodeFiles } from './decode-files';
import { decodeIntoCache } from './decode-into-cache';
import { type Kept, keepGood, labelsOf } from './keep-good';
import { decodeOptions, type LoadOptions } from './load-options';
import { allocatePixels, MemorySink } from './pixel-sink';
import { assertTarget } from './pixel-target';

/** Decoded images, and where they come from. */
export interface LoadedPixels<File extends ImageFile> extends Kept<File> {
  /** [count × height × width × 3] bytes: batch, height, width, RGB. */
  readonly pixels: Uint8Array;
  readonly fromCache: boolean;
  /** The file of exactly `pixels`, for another process to read; absent without a cache. */
  readonly pixelsPath?: string;
}

export type LoadedImages = LoadedPixels<LabelledFile> & LabelledImages;

/** Decoded images that stay in the cache. */
export interface CachedLabelledImages extends Kept<LabelledFile> {
  /** [count] class indices. */
  readonly labels: Int32Array;
  readonly fromCache: boolean;
  /** The file of their pixels and nothing else, [count × height × width × 3] bytes, for any process to read. */
  readonly pixelsPath: string;
}

/** Decoded images whose pixels are read from the cache batch by batch. */
export interface OpenedImages extends CachedLabelledImages, TrainingImages {
  /** Let go of with `close`. */
  readonly pixels: PixelFile;
  readonly count: number;
  readonly labels: Int32Array;
}

/** {@link LoadOptions} where there must be a cache. */
export interface CacheImagesOptions extends LoadOptions {
  /** Where decoded images are kept. Default {@link defaultCacheDirectory}. */
  readonly cacheDirectory?: string | undefined;
}

/**
 * Decodes the images of a data set's split, or fetches them from the cache: see `decodeImage` for
 * what comes out as pixels, `cacheKey` for what makes the cache decode anew. All of them lie in memory;
 * {@link openImages} is for more.
 *
 * @throws `INVALID_DATA` listing every bad file with its reason, or where no image is left, or none of a class;
 *   `INVALID_ARGUMENT`, `ABORTED`, `FRAMEWORK_MISSING`, `INVALID_FILE`
 */
export async function loadImages(
  files: readonly LabelledFile[],
  options: LoadOptions,
): Promise<LoadedImages> {
  const loaded = await loadPixels(files, options);
  return { ...loaded, labels: labelsOf(files, loaded) };
}

/** As {@link loadImages}, of files that need no class. */
export async function loadPixels<File extends ImageFile>(
  files: readonly File[],
  options: LoadOptions,
): Promise<LoadedPixels<File>> {
  assertTarget(options);
  const { cacheDirectory = defaultCacheDirectory() } = options;
  if (cacheDirectory === false) {
    const sink = new MemorySink(files.length, options);
    const { bad } = await decodeFiles(files, sink, decodeOptions(options));
    return { ...keepGood(files, bad, options), pixels: sink.pixels, fromCache: false };
  }
  const { entry, fromCache } = await decodeIntoCache(files, options, cacheDirectory);
  const kept = keepGood(files, entry.bad, options);
  const pixels = allocatePixels(kept.count, options);
  await readPixels(entry.path, pixels);
  return { ...kept, pixels, fromCache, pixelsPath: entry.path };
}

/**
 * As {@link loadImages}, without reading the pixels: memory holds some images at a time, however many there are.
 *
 * @throws as {@link loadImages}
 */
export async function cacheImages(
  files: readonly LabelledFile[],
  options: CacheImagesOptions,
): Promise<CachedLabelledImages> {
  assertTarget(options);
  const { cacheDirectory = defaultCacheDirectory() } = options;
  const { entry, fromCache } = await decodeIntoCache(files, options, cacheDirectory);
  const kept = keepGood(files, entry.bad, options);
  return { ...kept, labels: labelsOf(files, kept), fromCache, pixelsPath: entry.path };
}

/**
 * As {@link cacheImages}, opened for training: a batch's images are read when they are wanted.
 *
 * @throws as {@link loadImages}
 */
export async function openImages(
  files: readonly LabelledFile[],
  options: CacheImagesOptions,
): Promise<OpenedImages> {
  const cached = await cacheImages(files, options);
  const size = { inputHeight: options.height, inputWidth: options.width };
  return { ...cached, pixels: openPixelFile(cached.pixelsPath, cached.count, size) };
}

/** Read at once. */
const PART_BYTES = 4 * 1024 * 1024;

async function readPixels(path: string, pixels: Uint8Array): Promise<void> {
  const file = await open(path);
  try {
    for (let offset = 0; offset < pixels.length; ) {
      const length = Math.min(PART_BYTES, pixels.length - offset);
      const { bytesRead } = await file.read(pixels, offset, length, offset);
      if (bytesRead === 0) {
        throw new DlcmpError('INVALID_FILE', `${path} has become shorter. Load the images again.`);
      }
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
}
