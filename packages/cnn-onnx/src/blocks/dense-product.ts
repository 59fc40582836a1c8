import { type HeapArray, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import type { DenseWeights } from './dense-weights';

const SPARSE_BLOCK = 128;
/** Floats of a block's list of entries, with room to fill up its last group. */
const ENTRIES_LENGTH = (SPARSE_BLOCK + 4) * 2;

/**
 * The dense layer behind the blocks, without what follows its bias. ReLU leaves most features at zero, whose
 * weights are not read: for a single image that is most of the time that the layer would take.
 */
export class DenseProduct {
  readonly #engine: BlockEngine;
  readonly #weights: DenseWeights;
  readonly #bias: HeapArray;
  readonly #entries: HeapArray;
  /** By thread, of its features. */
  readonly #sums: HeapArray;
  readonly #outputs: HeapArray;

  /** @param capacity images of a batch at most */
  constructor(engine: BlockEngine, weights: DenseWeights, capacity: number) {
    const { heap, pool } = engine;
    this.#engine = engine;
    this.#weights = weights;
    this.#bias = heap.floats(weights.columns);
    this.#entries = heap.floats(pool.threads * ENTRIES_LENGTH);
    this.#sums = heap.floats(pool.threads * capacity * weights.columns);
    this.#outputs = heap.floats(capacity * weights.columns);
  }

  /** Takes over the bias. */
  prepare(bias: Float32Array): void {
    this.#bias.data.set(bias);
  }

  /** @param features address of the images, [pixel][channel]; answers [count × units] */
  multiply(features: number, count: number): Float32Array {
    const { matrix, columns, features: featureCount, sizes } = this.#weights;
    const { pool } = this.#engine;
    pool.share(featureCount, (first, last, thread) =>
      kernelCalls.multiplySparse({
        sums: this.#sums.address + thread * count * columns * 4,
        features,
        weights: matrix.address,
        entries: this.#entries.address + thread * ENTRIES_LENGTH * 4,
        first,
        last,
        images: count,
        featureBytes: featureCount * 4,
        columns,
      }),
    );
    const parts = pool.parts(featureCount).length;
    pool.share(count, (first, last) =>
      kernelCalls.addParts({
        outputs: this.#outputs.address,
        bias: this.#bias.address,
        sums: this.#sums.address,
        first,
        last,
        rows: count,
        parts,
        columns,
      }),
    );
    return withoutPadding(this.#outputs.data.subarray(0, count * columns), count, sizes.units);
  }
}

/** The first `columns` of each row. */
function withoutPadding(values: Float32Array, rows: number, columns: number): Float32Array {
  const padded = values.length / rows;
  if (padded === columns) return values;
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    result.set(values.subarray(row * padded, row * padded + columns), row * columns);
  }
  return result;
}
