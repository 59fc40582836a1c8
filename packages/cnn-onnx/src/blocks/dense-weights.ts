import { type HeapArray, type KernelPool, kernelCalls, type SharedHeap } from '@dlcmp/kernels';
import { type DenseSizes, paddedChannels } from './block-sizes';

/** Channels whose weights are copied to the heap and transposed together. */
const GROUP = 16;

/**
 * A dense layer's weights feature by feature, [pixel][channel][unit] with channels and units padded by zeros: so the
 * weights of features that are zero need not be read.
 */
export class DenseWeights {
  readonly sizes: DenseSizes;
  /** Channels and units, padded. */
  readonly lanes: number;
  readonly columns: number;
  readonly matrix: HeapArray;
  readonly #pool: KernelPool;
  readonly #group: HeapArray;

  constructor(heap: SharedHeap, pool: KernelPool, sizes: DenseSizes) {
    this.sizes = sizes;
    this.#pool = pool;
    this.lanes = paddedChannels(sizes.channels);
    this.columns = paddedChannels(sizes.units);
    this.matrix = heap.floats(sizes.area * this.lanes * this.columns);
    this.#group = heap.floats(sizes.units * GROUP * sizes.area);
  }

  /** Features of an image, padded. */
  get features(): number {
    return this.sizes.area * this.lanes;
  }

  /** Takes over PyTorch's weights, [unit][channel · area + pixel], into this matrix or one laid out like it. */
  write(weights: Float32Array, matrix: HeapArray = this.matrix): void {
    this.#inGroups((first, count) => {
      this.#eachUnit(first, count, weights, (part, group) => group.set(part));
      this.#transpose('transposeWeights', matrix, first, count);
    });
  }

  /** PyTorch's weights, of this matrix or one laid out like it. */
  read(matrix: HeapArray = this.matrix): Float32Array {
    const { units, channels, area } = this.sizes;
    const weights = new Float32Array(units * channels * area);
    this.#inGroups((first, count) => {
      this.#transpose('restoreWeights', matrix, first, count);
      this.#eachUnit(first, count, weights, (part, group) => part.set(group));
    });
    return weights;
  }

  #inGroups(move: (first: number, count: number) => void): void {
    const { channels } = this.sizes;
    for (let first = 0; first < channels; first += GROUP) {
      move(first, Math.min(GROUP, channels - first));
    }
  }

  #eachUnit(
    first: number,
    count: number,
    weights: Float32Array,
    copy: (part: Float32Array, group: Float32Array) => void,
  ): void {
    const { units, channels, area } = this.sizes;
    const length = count * area;
    for (let unit = 0; unit < units; unit++) {
      const start = (unit * channels + first) * area;
      const group = this.#group.data.subarray(unit * length, (unit + 1) * length);
      copy(weights.subarray(start, start + length), group);
    }
  }

  #transpose(
    kernel: 'transposeWeights' | 'restoreWeights',
    { address }: HeapArray,
    firstChannel: number,
    count: number,
  ): void {
    const { units, area } = this.sizes;
    const sizes = {
      channels: count,
      paddedChannels: this.lanes,
      area,
      columns: units,
      paddedColumns: this.columns,
    };
    const matrix = address + firstChannel * this.columns * 4;
    const weights = this.#group.address;
    this.#pool.share(count, (first, last) =>
      kernelCalls[kernel]({ matrix, weights, first, last, ...sizes }),
    );
  }
}
