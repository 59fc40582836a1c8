import { mean, sampleStandardDeviation } from 'simple-statistics';

/** A mean over seeds and how far it can be trusted. */
export interface MeanInterval {
  readonly mean: number;
  /** Half the width of the 95% t-interval of the mean; null for a single value, which has none. */
  readonly halfWidth: number | null;
}

/** Mean of `values` (at least one) with its 95% t-interval. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const center = mean([...values]);
  if (values.length < 2) return { mean: center, halfWidth: null };
  const standardError = sampleStandardDeviation([...values]) / Math.sqrt(values.length);
  return { mean: center, halfWidth: studentTQuantile(values.length - 1) * standardError };
}

/**
 * The t with 95% of Student's distribution between −t and t, for a whole number of degrees of
 * freedom: found by bisection on θ = arctan(t/√ν), in which the distribution is monotonic.
 */
export function studentTQuantile(degreesOfFreedom: number): number {
  let low = 0;
  let high = Math.PI / 2;
  for (let halvings = 0; halvings < 60; halvings++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degreesOfFreedom) < 0.95) low = middle;
    else high = middle;
  }
  return Math.sqrt(degreesOfFreedom) * Math.tan(low);
}

/** P(|T| ≤ √ν tan θ), the finite sums of Abramowitz and Stegun 26.7.3 (odd ν) and 26.7.4 (even ν). */
function centralProbability(theta: number, degreesOfFreedom: number): number {
  const cosine = Math.cos(theta);
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
}
