import { paddedChannels } from '../blocks/block-sizes';
import type { HeapArray } from '../kernels/shared-heap';
import type { InferenceEngine } from './inference-engine';

/** Channels whose weights are copied to the heap and transposed together. */
const GROUP = 16;
const SPARSE_BLOCK = 512;
/** Floats of a block's list of entries, with room to fill up its last group. */
const ENTRIES_LENGTH = (SPARSE_BLOCK + 4) * 2;

/** Sizes of the dense layer that takes the last block's images. */
export interface DenseSizes {
  /** Prefix of its weights' names. */
  readonly name: string;
  readonly units: number;
  readonly channels: number;
  /** Pixels of an image. */
  readonly area: number;
}

/**
 * The dense layer behind the blocks, without what follows its bias. ReLU leaves most features at zero, whose
 * weights are not read: for a single image that is most of the time that the layer would take.
 */
export class DenseProduct {
  readonly #engine: InferenceEngine;
  readonly #sizes: DenseSizes;
  readonly #columns: number;
  readonly #lanes: number;
  readonly #matrix: HeapArray;
  readonly #bias: HeapArray;
  readonly #group: HeapArray;
  readonly #entries: HeapArray;
  readonly #outputs: HeapArray;

  /** @param capacity images of a batch at most */
  constructor(engine: InferenceEngine, sizes: DenseSizes, capacity: number) {
    const { heap, pool } = engine;
    this.#engine = engine;
    this.#sizes = sizes;
    this.#columns = paddedChannels(sizes.units);
    this.#lanes = paddedChannels(sizes.channels);
    this.#matrix = heap.floats(sizes.area * this.#lanes * this.#columns);
    this.#bias = heap.floats(this.#columns);
    this.#group = heap.floats(sizes.units * GROUP * sizes.area);
    this.#entries = heap.floats(pool.threads * ENTRIES_LENGTH);
    this.#outputs = heap.floats(capacity * this.#columns);
  }

  /** Takes over the weights, [units][channel · area + pixel]. */
  prepare(weights: Float32Array, bias: Float32Array): void {
    const { channels, area, units } = this.#sizes;
    this.#bias.data.set(bias);
    for (let first = 0; first < channels; first += GROUP) {
      const count = Math.min(GROUP, channels - first);
      for (let unit = 0; unit < units; unit++) {
        const start = (unit * channels + first) * area;
        this.#group.data.set(weights.subarray(start, start + count * area), unit * count * area);
      }
      const matrix = this.#matrix.address + first * this.#columns * 4;
      this.#engine.pool.share('transposeWeights', count, (from, to) => [
        ...[matrix, this.#group.address, from, to, count],
        ...[this.#lanes, area, units, this.#columns],
      ]);
    }
  }

  /** @param features address of the images, [pixel][channel]; answers [count × units] */
  multiply(features: number, count: number): Float32Array {
    const { units, area } = this.#sizes;
    const featureCount = area * this.#lanes;
    this.#engine.pool.share('multiplySparse', this.#columns / 4, (first, last, thread) => [
      ...[this.#outputs.address, features, this.#matrix.address, this.#bias.address],
      ...[this.#entries.address + thread * ENTRIES_LENGTH * 4, first, last, count],
      ...[featureCount, featureCount * 4, this.#columns],
    ]);
    return withoutPadding(this.#outputs.data.subarray(0, count * this.#columns), count, units);
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
