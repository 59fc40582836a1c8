import type { TrialImages } from '@dlcmp/bench-core';
import { type CachedLabelledImages, cacheImages, type Dataset } from '@dlcmp/data';
import { cacheLimitBytes } from '../options/cache-limit';
import { startProgress } from '../progress/progress-line';

/** How all images of a run are decoded. */
export interface DecodingOptions {
  readonly onBadImage: 'fail' | 'skip';
  /** Hashes by path of files that were read before in this run; what is read now is added. */
  readonly contentHashes: Map<string, string>;
  readonly quiet?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface LoadTrialImagesOptions extends DecodingOptions {
  /** Side of the square images in pixels. */
  readonly side: number;
}

/** Both splits decoded to `side` × `side`, in files that a trial's process reads. */
export interface LoadedSplits {
  readonly train: CachedLabelledImages;
  readonly test: CachedLabelledImages;
  readonly files: TrialImages;
}

/** Decodes both splits of `dataset` into the cache, or finds them there; their pixels are not read. */
export async function loadTrialImages(
  dataset: Dataset,
  options: LoadTrialImagesOptions,
): Promise<LoadedSplits> {
  const train = await loadSplit(dataset, 'train', options);
  const test = await loadSplit(dataset, 'test', options);
  const size = { inputHeight: options.side, inputWidth: options.side };
  return { train, test, files: { size, train: imageFile(train), test: imageFile(test) } };
}

async function loadSplit(
  dataset: Dataset,
  split: 'train' | 'test',
  { side, onBadImage, contentHashes, quiet, signal }: LoadTrialImagesOptions,
): Promise<CachedLabelledImages> {
  const line = startProgress(`Decoding ${split} images at ${side}×${side}`, { quiet });
  try {
    return await cacheImages(dataset[split], {
      height: side,
      width: side,
      onBadImage,
      contentHashes,
      cacheLimitBytes: cacheLimitBytes(),
      signal,
      onProgress: ({ phase, completed, total }) => {
        if (phase === 'decode') line.update(completed, total);
      },
    });
  } finally {
    line.finish();
  }
}

function imageFile({ pixelsPath, labels, count }: CachedLabelledImages) {
  return { pixelsPath, labels, count };
}
