import { type HeapArray, type KernelCall, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import type { DenseWeights } from './dense-weights';

/** Features that a kernel lists together, see `dense-gradients.ts` of @dlcmp/kernels. */
const BLOCK = 16;
/** Entries with which a list is filled up. */
const GROUP = 4;
/** Bytes of gradients that are used up together: they stay in a core's second cache. A quarter of it costs 6 % of a step in calls. */
const PART_BYTES = 256 * 1024;
/** Parts of a thread at most: so many calls fit its mailbox. */
const MAX_PARTS = 1024;

/** What becomes of the gradients of a dense layer's weights, which lie feature by feature. */
export type DenseRows =
  /** They are kept, laid out like the weights. */
  | { readonly gradients: HeapArray }
  /** A call uses them up: those at an address, of so many weights from one on. */
  | { readonly use: (gradients: number, first: number, count: number) => KernelCall };

/**
 * Gradients of a {@link DenseProduct}'s weights and features. Its weights are most of a network's: their gradients are
 * used up by the optimiser some rows at a time, and never go to memory, unless they are asked for.
 */
export class DenseGradients {
  readonly #engine: BlockEngine;
  readonly #weights: DenseWeights;
  /** Of the layer's values, [count × units] as they come, and with padded columns. */
  readonly #values: Float32Array;
  readonly #outputs: HeapArray;
  readonly #entries: HeapArray;
  readonly #rows: HeapArray;
  readonly #entriesLength: number;
  readonly #partRows: number;

  /** @param capacity images of a batch at most */
  constructor(engine: BlockEngine, weights: DenseWeights, capacity: number) {
    const { heap, pool } = engine;
    this.#engine = engine;
    this.#weights = weights;
    this.#values = new Float32Array(capacity * weights.sizes.units);
    this.#outputs = heap.floats(capacity * weights.columns);
    this.#entriesLength = BLOCK * ((capacity + GROUP) * 2 + 1);
    this.#entries = heap.floats(pool.threads * this.#entriesLength);
    const least = weights.features / pool.threads / MAX_PARTS;
    const rows = Math.max(PART_BYTES / 4 / weights.columns, least);
    this.#partRows = Math.ceil(rows / BLOCK) * BLOCK;
    this.#rows = heap.floats(pool.threads * this.#partRows * weights.columns);
  }

  /** Room for the gradients of the layer's values, [count × units]. */
  outputs(count: number): Float32Array {
    return this.#values.subarray(0, count * this.#weights.sizes.units);
  }

  /** Takes over {@link outputs}, and adds them up to the bias's. */
  sumBias(bias: Float32Array, count: number): void {
    const { columns, sizes } = this.#weights;
    bias.fill(0);
    for (let image = 0; image < count; image++) {
      const row = this.#values.subarray(image * sizes.units, (image + 1) * sizes.units);
      this.#outputs.data.set(row, image * columns);
      for (let unit = 0; unit < row.length; unit++) {
        bias[unit] = (bias[unit] as number) + (row[unit] as number);
      }
    }
  }

  /** Computes the weights' gradients, and fills those of features that are not zero. */
  compute(features: HeapArray, featureGradients: HeapArray, count: number, rows: DenseRows): void {
    const { pool } = this.#engine;
    const callsOf = this.#callsOf(features, featureGradients, count, rows);
    pool.run(
      pool
        .parts(this.#weights.features, BLOCK)
        .map(([first, last], thread) => callsOf(first, last, thread)),
    );
  }

  /** Calls for the features from `first` to `last` (exclusive). */
  #callsOf(
    features: HeapArray,
    featureGradients: HeapArray,
    count: number,
    rows: DenseRows,
  ): (first: number, last: number, thread: number) => KernelCall[] {
    const { columns } = this.#weights;
    const write = this.#writer(features, featureGradients, count);
    if ('gradients' in rows) {
      const { address } = rows.gradients;
      return (first, last, thread) => [write(address + first * columns * 4, first, last, thread)];
    }
    return (first, last, thread) => {
      const address = this.#rows.address + thread * this.#partRows * columns * 4;
      const calls: KernelCall[] = [];
      for (let from = first; from < last; from += this.#partRows) {
        const to = Math.min(from + this.#partRows, last);
        calls.push(write(address, from, to, thread));
        calls.push(rows.use(address, from * columns, (to - from) * columns));
      }
      return calls;
    };
  }

  #writer(features: HeapArray, featureGradients: HeapArray, images: number) {
    const { matrix, columns, features: featureCount } = this.#weights;
    const batch = {
      featureGradients: featureGradients.address,
      features: features.address,
      outputGradients: this.#outputs.address,
      weights: matrix.address,
      images,
      featureBytes: featureCount * 4,
      columns,
    };
    return (gradients: number, first: number, last: number, thread: number) =>
      kernelCalls.writeDenseGradients({
        ...{ ...batch, gradients, first, last },
        entries: this.#entries.address + thread * this.#entriesLength * 4,
      });
  }
}
