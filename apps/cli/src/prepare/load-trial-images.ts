import type { TrialImages } from '@dlcmp/bench-core';
import { DlcmpError } from '@dlcmp/contract';
import { type Dataset, type LoadedImages, loadImages } from '@dlcmp/data';
import { startProgress } from '../progress/progress-line';

interface LoadTrialImagesOptions {
  /** Side of the square images in pixels. */
  readonly side: number;
  readonly onBadImage: 'fail' | 'skip';
  readonly quiet?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Both splits decoded to `side` × `side`, in files that a trial's process reads. */
export interface LoadedSplits {
  readonly train: LoadedImages;
  readonly test: LoadedImages;
  readonly files: TrialImages;
}

/** Decodes both splits of `dataset`, or finds them in the cache. */
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
  { side, onBadImage, quiet, signal }: LoadTrialImagesOptions,
): Promise<LoadedImages> {
  const line = startProgress(`Decoding ${split} images at ${side}×${side}`, { quiet });
  try {
    return await loadImages(dataset[split], {
      height: side,
      width: side,
      onBadImage,
      signal,
      onProgress: ({ phase, completed, total }) => {
        if (phase === 'decode') line.update(completed, total);
      },
    });
  } finally {
    line.finish();
  }
}

function imageFile({ pixelsPath, labels, count }: LoadedImages) {
  if (pixelsPath === undefined) {
    throw new DlcmpError('INVALID_DATA', 'The decoded images were not cached.');
  }
  return { pixelsPath, labels, count };
}
