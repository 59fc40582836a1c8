import type { Network } from '@dlcmp/contract';
import { type HeapArray, type KernelCall, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import { type BlockSizes, paddedChannels, pooledSize } from './block-sizes';
import {
  addressOf,
  type ImagePlace,
  type ImagePlaces,
  inUnits,
  memoize,
  type Stage,
  unitRows,
} from './stage';

type Normalisation = Network['normalisation'];

const COLORS = 3;
/** Floats of a row of im2col: 3 · 3 · 3 and a zero. */
const PATCH_LENGTH = 28;
/** Floats that kernels may read beyond the last pixel. */
const PIXEL_SLACK = 16;
/** Windows of a unit: few enough for their rows and products to stay in a core's cache. */
const UNIT_WINDOWS = 300;
const WINDOW_POSITIONS = 4;

/** What a thread computes a unit in. */
interface Workspace {
  readonly rows: HeapArray;
  readonly outputs: HeapArray;
  /** The product of a unit of so many rows of windows. */
  readonly productOf: (rows: number) => KernelCall;
}

/** The block that takes pixels, a few rows of windows at a time: its convolution is one matrix product ("im2col"). */
export class PixelStage implements Stage {
  readonly sizes: BlockSizes;
  readonly rows: number;
  readonly columns: number;
  /** Of its output, padded. */
  readonly channels: number;
  readonly #engine: BlockEngine;
  readonly #unitRows: number;
  readonly #table: HeapArray;
  readonly #matrix: HeapArray;
  readonly #bias: HeapArray;
  readonly #images: HeapArray;
  readonly #argmax: HeapArray<Uint8Array> | undefined;
  readonly #workspaces: readonly Workspace[];
  readonly #output: ImagePlaces;

  constructor(
    engine: BlockEngine,
    sizes: BlockSizes,
    normalisation: Normalisation,
    output: ImagePlaces,
  ) {
    const { heap, pool, slots, training } = engine;
    this.#engine = engine;
    this.sizes = sizes;
    this.#output = output;
    this.rows = pooledSize(sizes.inputHeight);
    this.columns = pooledSize(sizes.inputWidth);
    this.channels = paddedChannels(sizes.outputChannels);
    this.#unitRows = unitRows(this.rows, this.columns, UNIT_WINDOWS);
    this.#table = heap.floats(COLORS * 256);
    fillNormalisation(this.#table.data, normalisation);
    this.#matrix = heap.floats(PATCH_LENGTH * this.channels);
    this.#bias = heap.floats(this.channels);
    this.#images = heap.floats(slots * this.#imageLength() + PIXEL_SLACK);
    this.#argmax = training ? heap.bytes(slots * this.#argmaxLength()) : undefined;
    this.#workspaces = Array.from({ length: pool.threads }, () => this.#createWorkspace());
  }

  /** Takes over the weights. */
  prepare(filters: Float32Array, bias: Float32Array): void {
    this.#bias.data.set(bias);
    for (let output = 0; output < this.sizes.outputChannels; output++) {
      for (let at = 0; at < 27; at++) {
        const value = filters[output * 27 + filterIndex(at)] as number;
        this.#matrix.data[at * this.channels + output] = value;
      }
    }
  }

  /** Normalises the pixels at an address into a slot, before the stage's rows are computed. */
  normalize(slot: number, pixels: number): KernelCall {
    const { inputHeight, inputWidth } = this.sizes;
    const [height, width] = [2 * this.rows + 2, 2 * this.columns + 2];
    return kernelCalls.normalizePixels({
      images: this.imageAddress(slot),
      pixels,
      table: this.#table.address,
      first: 0,
      last: inputHeight,
      height: inputHeight,
      width: inputWidth,
      usedHeight: Math.min(inputHeight, height - 1),
      usedWidth: Math.min(inputWidth, width - 1),
      paddedHeight: height,
      paddedWidth: width,
    });
  }

  calls(place: ImagePlace, first: number, last: number, thread: number): KernelCall[] {
    const { rows, outputs, productOf } = this.#workspaces[thread] as Workspace;
    const target = addressOf(this.#output, place);
    const windows = { windowRows: this.rows, windowColumns: this.columns };
    return inUnits(first, last, this.#unitRows, (from, to) => {
      const before = (length: number) => from * this.columns * WINDOW_POSITIONS * length * 4;
      return [
        kernelCalls.im2col({
          ...windows,
          rows: rows.address - before(PATCH_LENGTH),
          images: this.imageAddress(place.slot),
          first: from,
          last: to,
        }),
        productOf(to - from),
        kernelCalls.poolProducts({
          ...windows,
          images: target,
          argmax: place.keepsArgmax ? this.argmaxAddress(place.slot) : 0,
          products: outputs.address - before(this.channels),
          bias: this.#bias.address,
          first: from,
          last: to,
          channels: this.channels,
          imageBytes: this.#output.imageBytes,
          rowBytes: this.#output.rowBytes,
        }),
      ];
    });
  }

  /** Address of the normalised pixels in a slot, with their border. */
  imageAddress(slot: number): number {
    return this.#images.address + slot * this.#imageLength() * 4;
  }

  /** Address of where the maxima of the image in a slot were, see `pool-window.ts` of @dlcmp/kernels. */
  argmaxAddress(slot: number): number {
    return (this.#argmax as HeapArray<Uint8Array>).address + slot * this.#argmaxLength();
  }

  #createWorkspace(): Workspace {
    const { heap, products } = this.#engine;
    const length = this.#unitRows * this.columns * WINDOW_POSITIONS;
    const rows = heap.floats(length * PATCH_LENGTH);
    const outputs = heap.floats(length * this.channels);
    const [columns, matrix] = [this.channels, this.#matrix];
    const productOf = memoize((unitRowCount) => {
      const of = { count: 1, rows: unitRowCount * this.columns * WINDOW_POSITIONS };
      return products.bind(
        { ...of, data: rows, columns: PATCH_LENGTH },
        { data: matrix, count: 1, rows: PATCH_LENGTH, columns },
        { ...of, data: outputs, columns },
      );
    });
    return { rows, outputs, productOf };
  }

  #imageLength(): number {
    return (2 * this.rows + 2) * (2 * this.columns + 2) * COLORS;
  }

  #argmaxLength(): number {
    return this.rows * this.columns * this.channels;
  }
}

/** From row, column, colour to the filter's colour, row, column. */
export function filterIndex(at: number): number {
  return (at % 3) * 9 + Math.floor(at / 3);
}

/** Normalised values of each colour's 256 bytes. */
function fillNormalisation(table: Float32Array, { mean, standardDeviation }: Normalisation): void {
  for (let color = 0; color < COLORS; color++) {
    for (let value = 0; value < 256; value++) {
      const centred = value / 255 - (mean[color] as number);
      table[color * 256 + value] = centred / (standardDeviation[color] as number);
    }
  }
}
