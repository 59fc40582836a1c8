import { type BlockSizes, paddedChannels, pooledSize } from '../blocks/block-sizes';
import {
  COLORS,
  fillNormalization,
  filterMatrix,
  NEIGHBOURHOOD_LENGTH,
  PIXEL_SLACK,
} from '../blocks/pixel-block';
import type { KernelCall } from '../kernels/mailbox';
import type { HeapArray } from '../kernels/shared-heap';
import type { InferenceEngine } from './inference-engine';
import { type ImagePlaces, inUnits, placeOf, type Stage, unitRows } from './stage';

/** Windows of a unit: few enough for their rows and products to stay in a core's cache. */
const UNIT_WINDOWS = 600;
const WINDOW_POSITIONS = 4;

/** What a thread computes a unit in. */
interface Workspace {
  readonly rows: HeapArray;
  readonly outputs: HeapArray;
  readonly product: readonly number[];
}

/** The block that takes pixels, a few rows of windows at a time. See `blocks/pixel-block.ts`. */
export class PixelStage implements Stage {
  readonly rows: number;
  readonly #engine: InferenceEngine;
  readonly #sizes: BlockSizes;
  readonly #columns: number;
  readonly #channels: number;
  readonly #unitRows: number;
  readonly #table: HeapArray;
  readonly #matrix: HeapArray;
  readonly #bias: HeapArray;
  readonly #images: HeapArray;
  readonly #workspaces: readonly Workspace[];
  readonly #output: ImagePlaces;

  constructor(engine: InferenceEngine, sizes: BlockSizes, output: ImagePlaces) {
    const { heap, pool, slots } = engine;
    this.#engine = engine;
    this.#sizes = sizes;
    this.#output = output;
    this.rows = pooledSize(sizes.inputHeight);
    this.#columns = pooledSize(sizes.inputWidth);
    this.#channels = paddedChannels(sizes.outputChannels);
    this.#unitRows = unitRows(this.rows, this.#columns, UNIT_WINDOWS);
    this.#table = heap.floats(COLORS * 256);
    fillNormalization(this.#table.data);
    this.#matrix = heap.floats(NEIGHBOURHOOD_LENGTH * this.#channels);
    this.#bias = heap.floats(this.#channels);
    this.#images = heap.floats(slots * this.#imageLength() + PIXEL_SLACK);
    this.#workspaces = Array.from({ length: pool.threads }, () => this.#createWorkspace());
  }

  /** Takes over the weights. */
  prepare(filters: Float32Array, bias: Float32Array): void {
    this.#bias.data.set(bias);
    filterMatrix(this.#matrix.data, filters, this.#sizes.outputChannels, this.#channels);
  }

  /** Normalises an image's pixels, which lie at an address, before the stage's rows are computed. */
  normalize(image: number, pixels: number): KernelCall {
    const { inputHeight, inputWidth } = this.#sizes;
    const [height, width] = [2 * this.rows + 2, 2 * this.#columns + 2];
    return [
      'normalizePixels',
      ...[this.#imageAddress(image), pixels, this.#table.address, 0, inputHeight],
      ...[inputHeight, inputWidth, Math.min(inputHeight, height - 1)],
      ...[Math.min(inputWidth, width - 1), height, width],
    ];
  }

  calls(image: number, first: number, last: number, thread: number): KernelCall[] {
    const { rows, outputs, product } = this.#workspaces[thread] as Workspace;
    const target = placeOf(this.#output, image);
    return inUnits(first, last, this.#unitRows, (from, to) => {
      const before = (length: number) => from * this.#columns * WINDOW_POSITIONS * length * 4;
      return [
        [
          'writeNeighbourhoods',
          ...[rows.address - before(NEIGHBOURHOOD_LENGTH), this.#imageAddress(image), from, to],
          ...[this.rows, this.#columns],
        ],
        ['multiply', ...product],
        [
          'poolProducts',
          ...[target, 0, outputs.address - before(this.#channels), this.#bias.address, from, to],
          ...[this.rows, this.#columns, this.#channels],
          ...[this.#output.imageBytes, this.#output.rowBytes],
        ],
      ];
    });
  }

  #createWorkspace(): Workspace {
    const { heap, products } = this.#engine;
    const count = this.#unitRows * this.#columns * WINDOW_POSITIONS;
    const rows = heap.floats(count * NEIGHBOURHOOD_LENGTH);
    const outputs = heap.floats(count * this.#channels);
    const [columns, matrix] = [this.#channels, this.#matrix];
    const product = products.bind(
      { data: rows, count: 1, rows: count, columns: NEIGHBOURHOOD_LENGTH },
      { data: matrix, count: 1, rows: NEIGHBOURHOOD_LENGTH, columns },
      { data: outputs, count: 1, rows: count, columns },
    );
    return { rows, outputs, product };
  }

  #imageLength(): number {
    return (2 * this.rows + 2) * (2 * this.#columns + 2) * COLORS;
  }

  #imageAddress(image: number): number {
    return this.#images.address + (image % this.#engine.slots) * this.#imageLength() * 4;
  }
}
