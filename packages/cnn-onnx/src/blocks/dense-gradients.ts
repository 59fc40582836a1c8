import type { AdamFactors } from '@dlcmp/contract';
import { type HeapArray, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import type { DenseWeights } from './dense-weights';

/** Features that a kernel takes together, see `dense-gradients.ts` of @dlcmp/kernels. */
const BLOCK = 16;
/** Entries with which a list is filled up. */
const GROUP = 4;

/** Adam's moments of the dense layer's weights, laid out like these. */
export interface DenseMoments {
  readonly mean: HeapArray;
  readonly variance: HeapArray;
}

/**
 * Gradients of a {@link DenseProduct}'s weights and features. Its weights are most of a network's: their gradients are
 * used up by Adam row by row, and never go to memory.
 */
export class DenseGradients {
  readonly #engine: BlockEngine;
  readonly #weights: DenseWeights;
  readonly #outputs: HeapArray;
  readonly #entries: HeapArray;
  readonly #rows: HeapArray;
  readonly #entriesLength: number;

  /** @param capacity images of a batch at most */
  constructor(engine: BlockEngine, weights: DenseWeights, capacity: number) {
    const { heap, pool } = engine;
    this.#engine = engine;
    this.#weights = weights;
    this.#outputs = heap.floats(capacity * weights.columns);
    this.#entriesLength = BLOCK * ((capacity + GROUP) * 2 + 1);
    this.#entries = heap.floats(pool.threads * this.#entriesLength);
    this.#rows = heap.floats(pool.threads * BLOCK * weights.columns);
  }

  /** Takes over the gradients of the layer's values, [count × units], and adds them up to the bias's. */
  prepare(outputs: Float32Array, bias: Float32Array, count: number): void {
    const { columns, sizes } = this.#weights;
    bias.fill(0);
    for (let image = 0; image < count; image++) {
      const row = outputs.subarray(image * sizes.units, (image + 1) * sizes.units);
      this.#outputs.data.set(row, image * columns);
      for (let unit = 0; unit < row.length; unit++) {
        bias[unit] = (bias[unit] as number) + (row[unit] as number);
      }
    }
  }

  /** Fills `gradients`, laid out like the weights, and the gradients of features that are not zero. */
  write(gradients: HeapArray, features: HeapArray, featureGradients: HeapArray, count: number) {
    const sizes = this.#batch(features, featureGradients, count);
    this.#engine.pool.share(
      this.#weights.features,
      (first, last, thread) =>
        kernelCalls.writeDenseGradients({
          ...sizes,
          gradients: gradients.address + first * this.#weights.columns * 4,
          entries: this.#entriesOf(thread),
          first,
          last,
        }),
      BLOCK,
    );
  }

  /** Has Adam update the weights instead of writing their gradients. */
  step(
    factors: AdamFactors,
    { mean, variance }: DenseMoments,
    features: HeapArray,
    featureGradients: HeapArray,
    count: number,
  ): void {
    const sizes = this.#batch(features, featureGradients, count);
    this.#engine.pool.share(
      this.#weights.features,
      (first, last, thread) =>
        kernelCalls.stepDense({
          ...sizes,
          ...factors,
          gradients: this.#rows.address + thread * BLOCK * this.#weights.columns * 4,
          entries: this.#entriesOf(thread),
          first,
          last,
          firstMoment: mean.address,
          secondMoment: variance.address,
        }),
      BLOCK,
    );
  }

  /** What a batch's gradients are made of, whichever thread computes them. */
  #batch(features: HeapArray, featureGradients: HeapArray, count: number) {
    const { matrix, columns, features: featureCount } = this.#weights;
    return {
      featureGradients: featureGradients.address,
      features: features.address,
      outputGradients: this.#outputs.address,
      weights: matrix.address,
      images: count,
      featureBytes: featureCount * 4,
      columns,
    };
  }

  #entriesOf(thread: number): number {
    return this.#entries.address + thread * this.#entriesLength * 4;
  }
}
