import type { Weights } from '@dlcmp/contract';

/** Gradients below this share of the largest are 0 but for rounding: of what a normalisation takes out again. */
const NEGLIGIBLE = 1e-5;

/** The largest difference between two runs at one step, over the loss. */
export function largestDistance(runs: readonly (readonly number[])[]): number {
  const [first = []] = runs;
  const distances = first.map((_, step) => {
    const values = runs.map((run) => run[step] as number);
    return (Math.max(...values) - Math.min(...values)) / Math.min(...values);
  });
  return distances.some(Number.isNaN) ? Number.NaN : Math.max(...distances);
}

/** Of all weights the largest norm of the difference over the norm of the reference. */
export function relativeGradientError(actual: Weights, reference: Weights): number {
  const largest = Math.max(...Object.values(reference).map(({ data }) => norm(data)));
  const errors = Object.entries(reference)
    .filter(([, { data }]) => norm(data) > NEGLIGIBLE * largest)
    .map(([name, { data }]) => {
      const other = actual[name]?.data;
      if (other?.length !== data.length) return Number.POSITIVE_INFINITY;
      return norm(data.map((value, index) => (other[index] as number) - value)) / norm(data);
    });
  return Math.max(...errors);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
