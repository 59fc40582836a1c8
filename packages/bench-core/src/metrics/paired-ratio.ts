import { sampleStandardDeviation } from 'simple-statistics';
import { meanInterval, zeroMeanPValue } from './mean-interval';

/** How many times one contender's figure is another's, over paired measurements. */
export interface RatioInterval {
  /** Geometric mean of left / right. */
  readonly ratio: number;
  /** 95% t-interval on the logarithms, transformed back; null for a single pair. */
  readonly low: number | null;
  readonly high: number | null;
  /** Of the paired t-test on the logarithms that the ratio is 1; null for a single pair. */
  readonly pValue: number | null;
}

/** A ratio, and how far the pairs scatter around it. */
export interface PairedRatio extends RatioInterval {
  /** Standard deviation of the logarithms of the pairs' ratios; null for a single pair. */
  readonly logDeviation: number | null;
}

/**
 * The ratio left / right of positive figures, paired by index (at least one pair). Ratios of times are
 * multiplicative, so their mean is the geometric one (Fleming and Wallace, "How not to lie with
 * statistics", CACM 29(3), 1986).
 */
export function pairedRatio(left: readonly number[], right: readonly number[]): PairedRatio {
  const logs = left.map((value, pair) => Math.log(value / (right[pair] as number)));
  const { mean, halfWidth } = meanInterval(logs);
  const ratio = Math.exp(mean);
  if (halfWidth === null) return { ratio, low: null, high: null, pValue: null, logDeviation: null };
  return {
    ratio,
    low: Math.exp(mean - halfWidth),
    high: Math.exp(mean + halfWidth),
    pValue: zeroMeanPValue(logs),
    logDeviation: sampleStandardDeviation(logs),
  };
}
