/** A float32 tensor, row-major. */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Weights by PyTorch's names and in PyTorch's layouts: `conv1.weight` [out, in, height, width],
 * `dense.weight` [out, in] with its input flattened in channel, height, width order, and a `.bias`
 * [out] for each.
 */
export type Weights = Readonly<Record<string, WeightTensor>>;

/** Number of values in a tensor of `shape`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
