/** The middle of the numbers in order; of an even count, the mean of the middle two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half - 0.5)] + sorted[Math.ceil(half - 0.5)]) / 2;
}

/** Two-sided 95% quantiles of Student's t, by degrees of freedom from 1. */
const T95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

/** Mean and half-width of its 95% interval; of one number, the half-width is unknown. */
export function meanInterval(numbers) {
  const count = numbers.length;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / count;
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  const quantile = T95[Math.min(count - 1, T95.length) - 1] ?? Number.NaN;
  return { mean, halfWidth: quantile * Math.sqrt(squares / (count - 1) / count) };
}
