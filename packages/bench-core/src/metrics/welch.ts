import { mean, sampleVariance } from 'simple-statistics';
import type { MeanInterval } from './mean-interval';
import { studentTQuantile } from './student-t';

/**
 * Mean of `left` − mean of `right`, independent samples of at least one value, with Welch's 95% t-interval
 * ("The generalization of 'Student's' problem", Biometrika 34, 1947). The degrees of freedom are rounded
 * down, which widens it; null where a sample has a single value.
 */
export function welchInterval(left: readonly number[], right: readonly number[]): MeanInterval {
  const difference = mean([...left]) - mean([...right]);
  if (left.length < 2 || right.length < 2) return { mean: difference, halfWidth: null };
  const [a, b] = [left, right].map((values) => sampleVariance([...values]) / values.length);
  const variance = a! + b!;
  if (variance === 0) return { mean: difference, halfWidth: 0 };
  const freedom = variance ** 2 / (a! ** 2 / (left.length - 1) + b! ** 2 / (right.length - 1));
  const t = studentTQuantile(Math.max(1, Math.floor(freedom)));
  return { mean: difference, halfWidth: t * Math.sqrt(variance) };
}
