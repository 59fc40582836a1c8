import {
  bytesPerImage,
  type Classifier,
  type ImageSize,
  type LabelledImages,
} from '@dlcmp/contract';
import { quantileSorted } from 'simple-statistics';
import type { Latency } from '../results/bench-results';
import type { Clock } from './clock';
import type { KeepAnswers } from './predict-batches';

const WARM_UP_CALLS = 20;
/** A percentile is reported where at least two samples lie beyond it: p99 takes 200, p99.9 2,000. */
const FEWEST_CALLS = 200;
const CALLS_FOR_P999 = 2000;
/** Beyond the fewest calls, no more are begun after this. */
const BUDGET_SECONDS = 1;
/** As long as it takes to report p99.9, where that is within reach. */
const BUDGET_FOR_P999_SECONDS = 3;

/**
 * The single-stream scenario: times `predict` on one image at a time, going round the test set, after
 * a warm-up; 200 calls at least, more within a second, and 2,000 where they are done within three.
 *
 * @param keep is given each answer off the clock
 */
export async function measureLatency(
  classifier: Pick<Classifier, 'predict'>,
  images: LabelledImages,
  size: ImageSize,
  clock: Clock,
  keep: KeepAnswers = () => {},
): Promise<Latency> {
  const samplesMs: number[] = [];
  for (let call = 0; call < WARM_UP_CALLS; call++) {
    await classifier.predict(singleImage(images, size, call), 1);
  }
  const start = clock();
  while (isWanted(samplesMs.length, clock() - start)) {
    const index = samplesMs.length;
    const image = singleImage(images, size, index);
    const before = clock();
    const answer = await classifier.predict(image, 1);
    samplesMs.push((clock() - before) * 1000);
    keep('latency', index % images.count, answer);
  }
  return summariseLatency(samplesMs);
}

/** The pixels of the image at `index`, going round, in memory of their own. */
export function singleImage(images: LabelledImages, size: ImageSize, index: number): Uint8Array {
  const bytes = bytesPerImage(size);
  const start = (index % images.count) * bytes;
  return images.pixels.slice(start, start + bytes);
}

function isWanted(calls: number, seconds: number): boolean {
  if (calls < FEWEST_CALLS) return true;
  const isInReach = (seconds / calls) * CALLS_FOR_P999 < BUDGET_FOR_P999_SECONDS;
  return calls < CALLS_FOR_P999 && (isInReach || seconds < BUDGET_SECONDS);
}

/** Percentiles of latency samples in milliseconds, interpolated linearly as NumPy's default. */
export function summariseLatency(samplesMs: readonly number[]): Latency {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  return {
    p50Ms: quantileSorted(sorted, 0.5),
    p90Ms: quantileSorted(sorted, 0.9),
    p99Ms: quantileSorted(sorted, 0.99),
    p999Ms: sorted.length < CALLS_FOR_P999 ? null : quantileSorted(sorted, 0.999),
    samplesMs,
  };
}
