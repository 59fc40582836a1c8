/** Largest difference of a probability between answers that are the same, of models in float32. */
export const TOLERANCE = 1e-4;

/** How far two models' answers for the same images are apart. */
export interface AnswerDifference {
  /** Largest absolute difference of a probability. */
  readonly largest: number;
  /** Share of images for which both have the same most probable class, 0–1. */
  readonly agreement: number;
}

/**
 * @param left row-major [images × columns]
 * @param right of the same images and columns
 */
export function compareAnswers(
  left: Float32Array,
  right: Float32Array,
  columns: number,
): AnswerDifference {
  if (left.length !== right.length) return { largest: Number.POSITIVE_INFINITY, agreement: 0 };
  let largest = 0;
  for (let at = 0; at < left.length; at++) {
    largest = Math.max(largest, Math.abs((left[at] as number) - (right[at] as number)));
  }
  const rows = left.length / columns;
  let same = 0;
  for (let row = 0; row < rows; row++) {
    if (argmax(left, row, columns) === argmax(right, row, columns)) same++;
  }
  return { largest, agreement: rows === 0 ? 1 : same / rows };
}

function argmax(values: Float32Array, row: number, columns: number): number {
  let best = row * columns;
  for (let at = best + 1; at < (row + 1) * columns; at++) {
    if ((values[at] as number) > (values[best] as number)) best = at;
  }
  return best - row * columns;
}
