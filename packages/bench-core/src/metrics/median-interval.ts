import { quantileSorted } from 'simple-statistics';
import * as z from 'zod/mini';

/** A median with the 95% interval that order statistics give: no law of the values is assumed. */
export interface MedianInterval {
  readonly median: number;
  /** Fewer than six values have none. */
  readonly low: number | null;
  readonly high: number | null;
}

export const medianIntervalSchema = z.object({
  median: z.number(),
  low: z.nullable(z.number()),
  high: z.nullable(z.number()),
});

const TAIL = 0.025;

/**
 * Median of `values` (at least one) with its interval: from the k-th least to the k-th largest, k the largest at which a binomial of n
 * and one half lies below it with a probability of 2.5% at most (Conover, "Practical nonparametric statistics", 1999). Of twenty values
 * the sixth and the fifteenth.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = lowestRank(sorted.length);
  return {
    median: quantileSorted(sorted, 0.5),
    low: rank === 0 ? null : sorted[rank - 1]!,
    high: rank === 0 ? null : sorted[sorted.length - rank]!,
  };
}

/** From 1; 0 where even the extremes are too narrow. */
function lowestRank(count: number): number {
  let probability = 0.5 ** count;
  let below = probability;
  let rank = 0;
  while (below <= TAIL) {
    rank++;
    probability *= (count - rank + 1) / rank;
    below += probability;
  }
  return rank;
}
