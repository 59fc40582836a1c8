import { createGenerator, nextInteger } from '@dlcmp/contract';
import { quantileSorted } from 'simple-statistics';

export interface BootstrapInterval {
  readonly mean: number;
  /** 95% percentile interval. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

/**
 * Mean of `differences` (one per test image) with its bootstrap interval: images drawn with
 * replacement, 2,000 times (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, §13.3).
 * The draws are seeded, so the same differences always give the same interval.
 */
export function pairedBootstrap(differences: Float64Array): BootstrapInterval {
  if (differences.every((difference) => difference === differences[0])) {
    const [mean = 0] = differences;
    return { mean, low: mean, high: mean };
  }
  const generator = createGenerator(0, 'paired-bootstrap', differences.length);
  const means = Float64Array.from({ length: RESAMPLES }, () =>
    resampledMean(differences, generator),
  );
  const sorted = [...means.sort()];
  return {
    mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
    low: quantileSorted(sorted, 0.025),
    high: quantileSorted(sorted, 0.975),
  };
}

function resampledMean(
  differences: Float64Array,
  generator: ReturnType<typeof createGenerator>,
): number {
  let sum = 0;
  for (let draw = 0; draw < differences.length; draw++) {
    sum += differences[nextInteger(generator, differences.length)] as number;
  }
  return sum / differences.length;
}
