import { mean, sampleStandardDeviation } from 'simple-statistics';
import { studentTPValue, studentTQuantile } from './student-t';

/** A mean over seeds and how far it can be trusted. */
export interface MeanInterval {
  readonly mean: number;
  /** Half the width of the t-interval of the mean; null for a single value, which has none. */
  readonly halfWidth: number | null;
}

/** Mean of `values` (at least one) with its t-interval, of 95% where nothing else is said. */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  const center = mean([...values]);
  if (values.length < 2) return { mean: center, halfWidth: null };
  const quantile = studentTQuantile(values.length - 1, confidence);
  return { mean: center, halfWidth: quantile * standardError(values) };
}

/** Standard deviation over mean of `values`; null for a single value, or around a mean of zero. */
export function coefficientOfVariation(values: readonly number[]): number | null {
  const center = mean([...values]);
  if (values.length < 2 || center === 0) return null;
  return sampleStandardDeviation([...values]) / Math.abs(center);
}

/** Two-sided p-value of the t-test that the mean of `values` (at least two) is zero. */
export function zeroMeanPValue(values: readonly number[]): number {
  const center = mean([...values]);
  if (center === 0) return 1;
  return studentTPValue(center / standardError(values), values.length - 1);
}

function standardError(values: readonly number[]): number {
  return sampleStandardDeviation([...values]) / Math.sqrt(values.length);
}
