import type { RateSummary } from '../../results/server-result';

export interface HighestRate<Measured extends RateSummary> {
  /** The highest rate that was measured with p99 within the bound; null where there was none. */
  readonly highestRate: number | null;
  /** All that was measured, in the order of rates. */
  readonly sweep: readonly Measured[];
}

/** Of the capacity: where the search begins to halve. */
const LOWEST_SHARE = 0.2;
const HIGHEST_SHARE = 1.2;

/**
 * The highest rate at which p99 stays within `boundMs`, by bisection between a fifth of `capacity` and a fifth beyond it.
 *
 * @param capacity answers a second of a closed loop, beyond which no rate can be kept for long
 * @param steps rates that are measured, each of which halves what is open
 */
export async function findHighestRate<Measured extends RateSummary>(
  capacity: number,
  boundMs: number,
  steps: number,
  measure: (rate: number) => Promise<Measured>,
): Promise<HighestRate<Measured>> {
  const sweep: Measured[] = [];
  let kept = LOWEST_SHARE * capacity;
  let lost = HIGHEST_SHARE * capacity;
  let highestRate: number | null = null;
  for (let step = 0; step < steps; step++) {
    const rate = (kept + lost) / 2;
    const measured = await measure(rate);
    sweep.push(measured);
    if (measured.p99Ms !== null && measured.p99Ms <= boundMs) {
      kept = rate;
      highestRate = rate;
    } else lost = rate;
  }
  sweep.sort((left, right) => left.rate - right.rate);
  return { highestRate, sweep };
}
