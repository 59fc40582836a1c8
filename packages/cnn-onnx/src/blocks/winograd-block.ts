import type { HeapArray } from '../kernels/shared-heap';
import type { Matrices } from '../runtime/matrix-products';
import type { BlockEngine } from './block-engine';
import { type BlockSizes, type ImageLayout, paddedChannels, pooledSize } from './block-sizes';
import { addUp } from './pixel-block';

/** Images of a batch. */
export interface ImageRange {
  readonly first: number;
  readonly count: number;
}

/** Products of a tile of F(4×4, 3×3). */
const POSITIONS = 36;
const SCRATCH_LENGTH = 512;

/**
 * A block whose convolution is 36 matrix products of a quarter of the direct way's multiplications, in
 * both directions: Winograd's F(4×4, 3×3), see `assembly/winograd.ts`.
 */
export class WinogradBlock {
  readonly #engine: BlockEngine;
  readonly #sizes: BlockSizes;
  readonly #height: number;
  readonly #width: number;
  readonly #tileRows: number;
  readonly #tileColumns: number;
  readonly #inputs: number;
  readonly #outputs: number;
  readonly #scratch: HeapArray;
  readonly #filters: HeapArray;
  readonly #bias: HeapArray;
  readonly #images: HeapArray;
  readonly #inputMatrices: HeapArray;
  readonly #outputMatrices: HeapArray;
  readonly #training: TrainingArrays | undefined;

  constructor(engine: BlockEngine, sizes: BlockSizes) {
    const { heap, pool, capacity, chunk, training } = engine;
    this.#engine = engine;
    this.#sizes = sizes;
    this.#height = pooledSize(sizes.inputHeight);
    this.#width = pooledSize(sizes.inputWidth);
    this.#tileRows = Math.ceil(this.#height / 2);
    this.#tileColumns = Math.ceil(this.#width / 2);
    this.#inputs = paddedChannels(sizes.inputChannels);
    this.#outputs = paddedChannels(sizes.outputChannels);
    this.#scratch = heap.floats(pool.threads * SCRATCH_LENGTH);
    this.#filters = heap.floats(POSITIONS * this.#inputs * this.#outputs);
    this.#bias = heap.floats(this.#outputs);
    this.#images = heap.floats(chunk * this.#imageLength());
    const kept = training ? Math.ceil(capacity / chunk) * chunk : chunk;
    this.#inputMatrices = heap.floats(kept * this.#tiles() * POSITIONS * this.#inputs);
    this.#outputMatrices = heap.floats(chunk * this.#tiles() * POSITIONS * this.#outputs);
    if (!training) return;
    this.#training = {
      codes: heap.bytes(capacity * this.#height * this.#width * this.#outputs),
      biasGradients: heap.floats(pool.threads * this.#outputs),
      filterGradients: heap.floats((kept / chunk) * this.#filters.data.length),
      inputGradients: heap.floats(chunk * this.#tiles() * POSITIONS * this.#inputs),
      imageGradients: heap.floats(chunk * this.#imageLength()),
    };
  }

  /** Where a chunk of inputs is written. */
  get input(): ImageLayout {
    return this.#inside(this.#images);
  }

  /** Takes over the weights. */
  prepare(filters: HeapArray, bias: Float32Array): void {
    this.#bias.data.set(bias);
    this.#training?.biasGradients.data.fill(0);
    this.#engine.pool.share(
      'transformFilters',
      this.#sizes.outputChannels,
      (first, last, thread) => [
        ...[this.#filters.address, filters.address, this.#scratchOf(thread), first, last],
        ...[this.#sizes.inputChannels, this.#inputs, this.#outputs],
      ],
    );
  }

  async forward(range: ImageRange, output: ImageLayout): Promise<void> {
    const { pool, products } = this.#engine;
    const rows = range.count * this.#tileRows;
    const inputs = this.#matricesOf(this.#inputMatrices, range, this.#inputs, true);
    const outputs = this.#matricesOf(this.#outputMatrices, range, this.#outputs, false);
    pool.share('transformInputs', rows, (first, last, thread) => [
      ...[inputs.address, this.#images.address, this.#scratchOf(thread), first, last],
      ...[this.#tileRows, this.#tileColumns, this.#inputs, inputs.matrixBytes],
    ]);
    await products.multiply(inputs, this.#filterMatrices(), outputs);
    pool.share('poolOutputs', rows, (first, last, thread) => [
      ...[output.address, this.#codesAddress(range), outputs.address, this.#bias.address],
      ...[this.#scratchOf(thread), first, last],
      ...[this.#tileRows, this.#tileColumns, this.#outputs, outputs.matrixBytes],
      ...[this.#height, this.#width, output.imageBytes, output.rowBytes],
    ]);
  }

  /** Keeps the range's gradients, and answers those of its inputs. */
  async backward(range: ImageRange, gradients: ImageLayout): Promise<ImageLayout> {
    const { pool, products, chunk } = this.#engine;
    const training = this.#training as TrainingArrays;
    const rows = range.count * this.#tileRows;
    const inputs = this.#matricesOf(this.#inputMatrices, range, this.#inputs, true);
    const outputs = this.#matricesOf(this.#outputMatrices, range, this.#outputs, false);
    pool.share('transformOutputGradients', rows, (first, last, thread) => [
      ...[outputs.address, training.biasGradients.address + thread * this.#outputs * 4],
      ...[gradients.address, this.#codesAddress(range), this.#scratchOf(thread), first, last],
      ...[this.#tileRows, this.#tileColumns, this.#outputs, outputs.matrixBytes],
      ...[this.#height, this.#width, gradients.imageBytes, gradients.rowBytes],
    ]);
    const filters = this.#filterMatrices();
    const { length } = this.#filters.data;
    const part = Math.floor(range.first / chunk);
    const data = training.filterGradients.data.subarray(part * length, (part + 1) * length);
    await products.multiply(inputs, outputs, { ...filters, data }, 'left');
    const inputGradients = this.#matricesOf(training.inputGradients, range, this.#inputs, false);
    await products.multiply(outputs, filters, inputGradients, 'right');
    pool.share('gatherInputGradients', range.count, (first, last, thread) => [
      ...[training.imageGradients.address, inputGradients.address, this.#scratchOf(thread)],
      ...[first, last, this.#tileRows, this.#tileColumns, this.#inputs, inputGradients.matrixBytes],
    ]);
    return this.#inside(training.imageGradients);
  }

  /** Writes the sums of all ranges' gradients, of `count` images in all. */
  writeGradients(filters: HeapArray, bias: Float32Array, count: number): void {
    const { pool, chunk } = this.#engine;
    const training = this.#training as TrainingArrays;
    bias.set(addUp(training.biasGradients.data, pool.threads).subarray(0, bias.length));
    pool.share('gatherFilterGradients', this.#sizes.outputChannels, (first, last, thread) => [
      ...[filters.address, training.filterGradients.address, this.#scratchOf(thread), first, last],
      ...[this.#sizes.inputChannels, this.#inputs, this.#outputs, Math.ceil(count / chunk)],
    ]);
  }

  #tiles(): number {
    return this.#tileRows * this.#tileColumns;
  }

  #rowLength(): number {
    return (4 * this.#tileColumns + 2) * this.#inputs;
  }

  #imageLength(): number {
    return (4 * this.#tileRows + 2) * this.#rowLength();
  }

  /** The images of `array` without their border. */
  #inside({ address }: HeapArray): ImageLayout {
    const rowBytes = this.#rowLength() * 4;
    return {
      address: address + rowBytes + this.#inputs * 4,
      imageBytes: this.#imageLength() * 4,
      rowBytes,
    };
  }

  #scratchOf(thread: number): number {
    return this.#scratch.address + thread * SCRATCH_LENGTH * 4;
  }

  #codesAddress({ first }: ImageRange): number {
    if (!this.#training) return 0;
    return this.#training.codes.address + first * this.#height * this.#width * this.#outputs;
  }

  #filterMatrices(): Matrices {
    return {
      data: this.#filters.data,
      ...{ count: POSITIONS, rows: this.#inputs, columns: this.#outputs },
    };
  }

  /** @param kept whether `array` holds all chunks of a batch, or one */
  #matricesOf(array: HeapArray, range: ImageRange, columns: number, kept: boolean) {
    const rows = range.count * this.#tiles();
    const perImage = this.#tiles() * POSITIONS * columns;
    const start = kept && this.#training ? range.first * perImage : 0;
    return {
      data: array.data.subarray(start, start + range.count * perImage),
      address: array.address + start * 4,
      matrixBytes: rows * columns * 4,
      ...{ count: POSITIONS, rows, columns },
    };
  }
}

interface TrainingArrays {
  readonly codes: HeapArray<Uint8Array>;
  /** By thread. */
  readonly biasGradients: HeapArray;
  /** By chunk. */
  readonly filterGradients: HeapArray;
  readonly inputGradients: HeapArray;
  readonly imageGradients: HeapArray;
}
