import type { Samples } from './sample-weights';

/** An error and the tensor in which it is. */
export interface FoundError {
  readonly figure: number;
  readonly where?: string | undefined;
}

/** Tensors whose values are smaller than this share of the largest tensor's hold nothing but rounding, as a bias before batch norm. */
const LEAST_SHARE = 1e-3;
/** A slope over fewer values is too uncertain. */
const FEWEST_VALUES = 512;

/**
 * The largest relative error in norm of any tensor: |a - b| / |b|. An error of a tensor that is next to zero beside the
 * others counts beside them.
 */
export function normError(a: Samples, b: Samples): FoundError {
  return largest(normErrors(a, b));
}

/**
 * The relative error in norm of the middle one of all tensors. A ReLU or a maximum that falls to the other side by rounding
 * shows in few tensors; a fault of an optimiser in all.
 */
export function typicalNormError(a: Samples, b: Samples): FoundError {
  return middle(normErrors(a, b));
}

/**
 * The largest error of a tensor's typical value: the median of |a - b| over the root mean square of b, among values that
 * moved. Adam makes a whole step of rounding where a gradient is next to zero; the median does not see such values, and does
 * see what befalls all.
 *
 * @param gradients of the first step: tensors that hold nothing but rounding are left out
 */
export function medianError(a: Samples, b: Samples, gradients: Samples | undefined): FoundError {
  return largest(medianErrors(a, b, gradients));
}

/** The same of the middle one of all tensors. */
export function typicalMedianError(
  a: Samples,
  b: Samples,
  gradients: Samples | undefined,
): FoundError {
  return middle(medianErrors(a, b, gradients));
}

function medianErrors(a: Samples, b: Samples, gradients: Samples | undefined): FoundError[] {
  return pairs(a, b).flatMap(({ name, own, other }) => {
    if (gradients && isRounding(gradients, name)) return [];
    const moved = [...other.keys()].filter((at) => other[at] !== 0 || own[at] !== 0);
    if (moved.length === 0) return [];
    const differences = moved.map((at) => Math.abs((own[at] as number) - (other[at] as number)));
    const figure = ratio(median(differences), rootMeanSquare(other));
    return [{ figure, where: name }];
  });
}

/**
 * How much larger or smaller `a` is than `b` in the middle one of all tensors: the ratio of their norms, less 1. Adam's steps
 * keep their length where rounding turns them.
 */
export function typicalScaleError(a: Samples, b: Samples): FoundError {
  const errors = pairs(a, b).flatMap(({ name, own, other }) => {
    const scale = rootMeanSquare(own) / rootMeanSquare(other);
    return Number.isNaN(scale) && !own.some(Number.isNaN)
      ? []
      : [{ figure: Math.abs(scale - 1), where: name }];
  });
  return middle(errors);
}

/**
 * The share of `weights` that the difference of `a` and `b` holds: the slope of the difference on the weights, over all tensors
 * of many values, each by how certain its slope is.
 */
export function weightShare(a: Samples, b: Samples, weights: Samples): FoundError {
  let [slopes, certainties] = [0, 0];
  for (const { name, own, other } of pairs(a, b)) {
    const weight = weights[name];
    // Shifts of batch norm begin at 0, and a share of nothing is none.
    if (!weight || weight.length < FEWEST_VALUES || rootMeanSquare(weight) === 0) continue;
    const difference = own.map((value, at) => value - (other[at] as number));
    const slope = slopeOn(difference, weight);
    const rest = rootMeanSquare(
      difference.map((value, at) => value - slope * (weight[at] as number)),
    );
    const scale = rootMeanSquare(weight);
    const certainty = weight.length * (scale / Math.max(rest, Number.EPSILON * scale)) ** 2;
    slopes += slope * certainty;
    certainties += certainty;
  }
  return { figure: certainties === 0 ? 0 : Math.abs(slopes / certainties) };
}

/** The largest difference over the root mean square of `b`. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.NaN;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= most)) most = difference;
  }
  return ratio(most, rootMeanSquare(Float64Array.from(b)));
}

function normErrors(a: Samples, b: Samples): FoundError[] {
  const floor = LEAST_SHARE * Math.max(...Object.values(b).map(rootMeanSquare));
  return pairs(a, b).map(({ name, own, other }) => {
    const difference = rootMeanSquare(other.map((value, at) => (own[at] as number) - value));
    return { figure: ratio(difference, Math.max(rootMeanSquare(other), floor)), where: name };
  });
}

/** Tensors that both have. One of another length has no error that is a number. */
function pairs(a: Samples, b: Samples) {
  return Object.entries(b).flatMap(([name, other]) => {
    const found = a[name];
    if (!found) return [];
    const own = found.length === other.length ? found : other.map(() => Number.NaN);
    return [{ name, own, other }];
  });
}

function isRounding(gradients: Samples, name: string): boolean {
  const own = gradients[name];
  if (!own) return false;
  return (
    rootMeanSquare(own) < LEAST_SHARE * Math.max(...Object.values(gradients).map(rootMeanSquare))
  );
}

/** Least squares through the origin: Σ ab / Σ b². */
function slopeOn(a: Float64Array, b: Float64Array): number {
  let products = 0;
  let squares = 0;
  b.forEach((value, at) => {
    products += value * (a[at] as number);
    squares += value * value;
  });
  return products / squares;
}

function largest(errors: readonly FoundError[]): FoundError {
  return errors.reduce((top, error) => (error.figure <= top.figure ? top : error), { figure: 0 });
}

function middle(errors: readonly FoundError[]): FoundError {
  const wrong = errors.find(({ figure }) => Number.isNaN(figure));
  const sorted = [...errors].sort((a, b) => a.figure - b.figure);
  return wrong ?? sorted[Math.floor(sorted.length / 2)] ?? { figure: 0 };
}

function ratio(difference: number, scale: number): number {
  return difference === 0 ? 0 : difference / scale;
}

function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

function median(values: readonly number[]): number {
  return Float64Array.from(values).sort()[Math.floor(values.length / 2)] as number;
}
