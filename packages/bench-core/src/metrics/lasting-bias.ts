import { errorFunction } from 'simple-statistics';

/**
 * Standard deviation of the logarithm of a time that may stay with a contender through all its runs: where its code and
 * data lie in memory, which huge pages it got, what else the machine does at its turns (Mytkowicz and others, "Producing
 * wrong data without doing anything obviously wrong!", ASPLOS 2009). No number of runs tells it from speed, so that
 * it is assumed. It is as much as stays of a noise of 3.5% where half of its variance stays, and of one of
 * 2.7% where four fifths do.
 */
export const ASSUMED_BIAS = 0.0243;

/** Runs that scatter more (standard deviation of the logarithm of a time) are noisy. */
const QUIET_SCATTER = 0.055;

/** The bias to reckon with where runs scatter so: of noisy ones as much again as is seen, a correlation of ½. */
export function lastingBias(scatter: number): number {
  return scatter > QUIET_SCATTER ? scatter : ASSUMED_BIAS;
}

/** Two-sided p-value of a ratio between equals of which each has a bias of standard deviation `bias`. */
export function biasPValue(ratio: number, bias: number): number {
  // The difference of two such biases, over its standard deviation √2 · bias, and once more √2 for erf.
  return 1 - errorFunction(Math.abs(Math.log(ratio)) / (2 * bias));
}
