import { CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION } from '@dlcmp/bench-core/contract';
import type { HeapArray } from '../kernels/shared-heap';
import type { BlockEngine } from './block-engine';
import { type BlockSizes, type ImageLayout, paddedChannels, pooledSize } from './block-sizes';
import type { ImageRange } from './winograd-block';

export const COLORS = 3;
/** Floats of a neighbourhood: 3 · 3 · 3 and a zero. */
export const NEIGHBOURHOOD_LENGTH = 28;
/** Floats in which a filter's gradient is summed: three lines of twelve, of which nine count. */
const SUM_LENGTH = 36;
/** Floats that kernels may read beyond the last pixel. */
export const PIXEL_SLACK = 16;

/** The block that takes pixels: its convolution is one matrix product ("im2col"). */
export class PixelBlock {
  readonly #engine: BlockEngine;
  readonly #sizes: BlockSizes;
  readonly #height: number;
  readonly #width: number;
  readonly #channels: number;
  readonly #table: HeapArray;
  readonly #matrix: HeapArray;
  readonly #bias: HeapArray;
  readonly #images: HeapArray;
  readonly #rows: HeapArray;
  readonly #products: HeapArray;
  readonly #codes: HeapArray<Uint8Array> | undefined;
  readonly #sums: HeapArray;
  readonly #biasGradients: HeapArray;

  constructor(engine: BlockEngine, sizes: BlockSizes) {
    const { heap, pool, capacity, chunk, training } = engine;
    this.#engine = engine;
    this.#sizes = sizes;
    this.#height = pooledSize(sizes.inputHeight);
    this.#width = pooledSize(sizes.inputWidth);
    this.#channels = paddedChannels(sizes.outputChannels);
    const windows = this.#height * this.#width;
    const kept = training ? capacity : chunk;
    this.#table = heap.floats(COLORS * 256);
    fillNormalization(this.#table.data);
    this.#matrix = heap.floats(NEIGHBOURHOOD_LENGTH * this.#channels);
    this.#bias = heap.floats(this.#channels);
    this.#images = heap.floats(kept * this.#paddedImageLength() + PIXEL_SLACK);
    this.#rows = heap.floats(chunk * windows * 4 * NEIGHBOURHOOD_LENGTH);
    this.#products = heap.floats(chunk * windows * 4 * this.#channels);
    this.#codes = training ? heap.bytes(capacity * windows * this.#channels) : undefined;
    this.#sums = heap.floats(pool.threads * this.#channels * SUM_LENGTH);
    this.#biasGradients = heap.floats(pool.threads * this.#channels);
  }

  /** Takes over the weights, and forgets gradients. */
  prepare(filters: Float32Array, bias: Float32Array): void {
    const { outputChannels } = this.#sizes;
    this.#bias.data.set(bias);
    this.#sums.data.fill(0);
    this.#biasGradients.data.fill(0);
    filterMatrix(this.#matrix.data, filters, outputChannels, this.#channels);
  }

  /** @param pixels address of the range's bytes */
  async forward(range: ImageRange, pixels: number, output: ImageLayout): Promise<void> {
    this.#normalize(range, pixels);
    const { pool, products } = this.#engine;
    const rowCount = range.count * this.#height;
    pool.share('writeNeighbourhoods', rowCount, (first, last) => [
      ...[this.#rows.address, this.#imageAddress(range), first, last, this.#height, this.#width],
    ]);
    const rows = rowCount * this.#width * 4;
    await products.multiply(
      {
        data: this.#rows.data.subarray(0, rows * NEIGHBOURHOOD_LENGTH),
        count: 1,
        rows,
        columns: NEIGHBOURHOOD_LENGTH,
      },
      { data: this.#matrix.data, count: 1, rows: NEIGHBOURHOOD_LENGTH, columns: this.#channels },
      {
        data: this.#products.data.subarray(0, rows * this.#channels),
        ...{ count: 1, rows, columns: this.#channels },
      },
    );
    pool.share('poolProducts', rowCount, (first, last) => [
      ...[output.address, this.#codesAddress(range), this.#products.address, this.#bias.address],
      ...[first, last, this.#height, this.#width, this.#channels],
      ...[output.imageBytes, output.rowBytes],
    ]);
  }

  /** Adds the range's gradients, given those of its pooled images. */
  backward(range: ImageRange, gradients: ImageLayout): void {
    this.#engine.pool.share(
      'addPixelFilterGradients',
      range.count * this.#height,
      (first, last, thread) => [
        this.#sums.address + thread * this.#channels * SUM_LENGTH * 4,
        this.#biasGradients.address + thread * this.#channels * 4,
        ...[gradients.address, this.#codesAddress(range), this.#imageAddress(range), first, last],
        ...[this.#height, this.#width, this.#channels, gradients.imageBytes, gradients.rowBytes],
      ],
    );
  }

  /** Writes the sums of all ranges' gradients. */
  writeGradients(filters: Float32Array, bias: Float32Array): void {
    const sums = addUp(this.#sums.data, this.#engine.pool.threads);
    bias.set(addUp(this.#biasGradients.data, this.#engine.pool.threads).subarray(0, bias.length));
    for (let o = 0; o < this.#sizes.outputChannels; o++) {
      for (let at = 0; at < 27; at++) {
        const from = o * SUM_LENGTH + Math.floor(at / 9) * 12 + (at % 9);
        filters[o * 27 + filterIndex(at)] = sums[from] as number;
      }
    }
  }

  #normalize(range: ImageRange, pixels: number): void {
    const { inputHeight, inputWidth } = this.#sizes;
    const [paddedHeight, paddedWidth] = [2 * this.#height + 2, 2 * this.#width + 2];
    this.#engine.pool.share('normalizePixels', range.count * inputHeight, (first, last) => [
      ...[this.#imageAddress(range), pixels, this.#table.address, first, last],
      ...[inputHeight, inputWidth],
      ...[Math.min(inputHeight, paddedHeight - 1), Math.min(inputWidth, paddedWidth - 1)],
      ...[paddedHeight, paddedWidth],
    ]);
  }

  #paddedImageLength(): number {
    return (2 * this.#height + 2) * (2 * this.#width + 2) * COLORS;
  }

  #imageAddress({ first }: ImageRange): number {
    const kept = this.#engine.training ? first : 0;
    return this.#images.address + kept * this.#paddedImageLength() * 4;
  }

  #codesAddress({ first }: ImageRange): number {
    if (!this.#codes) return 0;
    return this.#codes.address + first * this.#height * this.#width * this.#channels;
  }
}

/** matrix[row, column, colour][output] of filters[output][colour][row][column]. */
export function filterMatrix(
  matrix: Float32Array,
  filters: Float32Array,
  outputs: number,
  paddedOutputs: number,
): void {
  for (let output = 0; output < outputs; output++) {
    for (let at = 0; at < 27; at++) {
      matrix[at * paddedOutputs + output] = filters[output * 27 + filterIndex(at)] as number;
    }
  }
}

/** From row, column, colour to the filter's colour, row, column. */
function filterIndex(at: number): number {
  return (at % 3) * 9 + Math.floor(at / 3);
}

/** Normalised values of each colour's 256 bytes. */
export function fillNormalization(table: Float32Array): void {
  for (let color = 0; color < COLORS; color++) {
    const mean = CHANNEL_MEAN[color] as number;
    const deviation = CHANNEL_STANDARD_DEVIATION[color] as number;
    for (let value = 0; value < 256; value++) {
      table[color * 256 + value] = (value / 255 - mean) / deviation;
    }
  }
}

/** The sum of `parts` arrays that follow one another. */
export function addUp(values: Float32Array, parts: number): Float32Array {
  const length = values.length / parts;
  const sums = values.slice(0, length);
  for (let part = 1; part < parts; part++) {
    for (let i = 0; i < length; i++) {
      sums[i] = (sums[i] as number) + (values[part * length + i] as number);
    }
  }
  return sums;
}
