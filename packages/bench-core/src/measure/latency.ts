import { quantileSorted } from 'simple-statistics';
import { bytesPerImage, type Classifier, type ImageSize, type LabelledImages } from '../contract';
import type { Latency } from '../results/bench-results';
import type { Clock } from './clock';

const WARM_UP_CALLS = 20;
/** p99 of fewer samples than this rests on one or two of them. */
const MEASURED_CALLS = 200;

/** Times `predict` on one image at a time, going round the test set, after a warm-up. */
export async function measureLatency(
  classifier: Classifier,
  images: LabelledImages,
  size: ImageSize,
  clock: Clock,
): Promise<Latency> {
  const bytes = bytesPerImage(size);
  const samplesMs: number[] = [];
  for (let call = 0; call < WARM_UP_CALLS + MEASURED_CALLS; call++) {
    const start = (call % images.count) * bytes;
    const image = images.pixels.slice(start, start + bytes);
    const before = clock();
    await classifier.predict(image, 1);
    if (call >= WARM_UP_CALLS) samplesMs.push((clock() - before) * 1000);
  }
  return summariseLatency(samplesMs);
}

/** Percentiles of latency samples in milliseconds, interpolated linearly as NumPy's default. */
export function summariseLatency(samplesMs: readonly number[]): Latency {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  return {
    p50Ms: quantileSorted(sorted, 0.5),
    p90Ms: quantileSorted(sorted, 0.9),
    p99Ms: quantileSorted(sorted, 0.99),
    samplesMs,
  };
}
