import { type HeapArray, type KernelCall, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import { type BlockSizes, type ImageLayout, paddedChannels, pooledSize } from './block-sizes';
import {
  addressOf,
  type ImagePlace,
  type ImagePlaces,
  inUnits,
  memoize,
  type Stage,
  unitRows,
} from './stage';

/** Products of a tile of F(4×4, 3×3). */
export const POSITIONS = 36;
/** Floats that a kernel keeps a tile in. */
export const SCRATCH_LENGTH = 512;
/** Tiles of a unit: enough for a product to be fast, few enough for its matrices to stay in a core's cache. */
export const UNIT_TILES = 80;

/** What a thread computes a unit in. */
interface Workspace {
  readonly scratch: HeapArray;
  readonly inputs: HeapArray;
  readonly outputs: HeapArray;
  /** The product of a unit of so many rows of tiles. */
  readonly productOf: (rows: number) => KernelCall;
}

/**
 * A block whose convolution is 36 matrix products of a quarter of the direct way's multiplications: Winograd's
 * F(4×4, 3×3), see `transform.ts` of @dlcmp/kernels; a few rows of tiles at a time.
 */
export class WinogradStage implements Stage {
  readonly sizes: BlockSizes;
  /** Of its pooled output. */
  readonly height: number;
  readonly width: number;
  /** Tiles down an image, and across. */
  readonly rows: number;
  readonly columns: number;
  /** Channels, padded. */
  readonly inputs: number;
  readonly outputs: number;
  /** [position][input][output] */
  readonly filters: HeapArray;
  readonly #engine: BlockEngine;
  readonly #unitRows: number;
  readonly #bias: HeapArray;
  readonly #images: HeapArray;
  readonly #argmax: HeapArray<Uint8Array> | undefined;
  readonly #workspaces: readonly Workspace[];
  readonly #output: ImagePlaces;

  constructor(engine: BlockEngine, sizes: BlockSizes, output: ImagePlaces) {
    const { heap, pool, slots, training } = engine;
    this.#engine = engine;
    this.sizes = sizes;
    this.#output = output;
    this.height = pooledSize(sizes.inputHeight);
    this.width = pooledSize(sizes.inputWidth);
    this.rows = Math.ceil(this.height / 2);
    this.columns = Math.ceil(this.width / 2);
    this.inputs = paddedChannels(sizes.inputChannels);
    this.outputs = paddedChannels(sizes.outputChannels);
    this.filters = heap.floats(POSITIONS * this.inputs * this.outputs);
    this.#unitRows = unitRows(this.rows, this.columns, UNIT_TILES);
    this.#bias = heap.floats(this.outputs);
    this.#images = heap.floats(slots * this.imageLength);
    this.#argmax = training ? heap.bytes(slots * this.#argmaxLength()) : undefined;
    this.#workspaces = Array.from({ length: pool.threads }, () => this.#createWorkspace());
  }

  /** Where its images are written. */
  get input(): ImagePlaces {
    return { ...this.inside(this.#images.address), by: 'slot' };
  }

  /** Floats of an image of its input, with the border. */
  get imageLength(): number {
    return (4 * this.rows + 2) * this.#rowLength();
  }

  /** Takes over the weights. */
  prepare(filters: HeapArray, bias: Float32Array): void {
    this.#bias.data.set(bias);
    this.#engine.pool.share(this.sizes.outputChannels, (first, last, thread) =>
      kernelCalls.transformFilters({
        matrices: this.filters.address,
        filters: filters.address,
        scratch: this.scratchOf(thread),
        first,
        last,
        inputs: this.sizes.inputChannels,
        paddedInputs: this.inputs,
        paddedOutputs: this.outputs,
      }),
    );
  }

  calls(place: ImagePlace, first: number, last: number, thread: number): KernelCall[] {
    const { scratch, inputs, outputs, productOf } = this.#workspaces[thread] as Workspace;
    const target = addressOf(this.#output, place);
    return inUnits(first, last, this.#unitRows, (from, to) => {
      const tiles = (to - from) * this.columns;
      // The kernels count rows from the image's first, of which the unit's matrices hold only these.
      const before = from * this.columns * this.outputs * 4;
      return [
        this.transformInputs(place.slot, inputs.address, from, to, thread),
        productOf(to - from),
        kernelCalls.poolOutputs({
          images: target,
          argmax: place.keepsArgmax ? this.argmaxAddress(place.slot) : 0,
          matrices: outputs.address - before,
          bias: this.#bias.address,
          scratch: scratch.address,
          first: from,
          last: to,
          tileRows: this.rows,
          tileColumns: this.columns,
          channels: this.outputs,
          matrixBytes: tiles * this.outputs * 4,
          height: this.height,
          width: this.width,
          imageBytes: this.#output.imageBytes,
          rowBytes: this.#output.rowBytes,
        }),
      ];
    });
  }

  /** Writes matrices[position][tile][input] of the rows of tiles of the image in a slot. */
  transformInputs(
    slot: number,
    matrices: number,
    from: number,
    to: number,
    thread: number,
  ): KernelCall {
    const images = this.#images.address + slot * this.imageLength * 4;
    return kernelCalls.transformInputs({
      matrices: matrices - from * this.columns * this.inputs * 4,
      images,
      scratch: this.scratchOf(thread),
      first: from,
      last: to,
      tileRows: this.rows,
      tileColumns: this.columns,
      channels: this.inputs,
      matrixBytes: (to - from) * this.columns * this.inputs * 4,
    });
  }

  /** Address of where the maxima of the image in a slot were, see `pool-window.ts` of @dlcmp/kernels. */
  argmaxAddress(slot: number): number {
    return (this.#argmax as HeapArray<Uint8Array>).address + slot * this.#argmaxLength();
  }

  /** Images of its input without their border, the first of them at an address with it. */
  inside(address: number): ImageLayout {
    const rowBytes = this.#rowLength() * 4;
    return {
      address: address + rowBytes + this.inputs * 4,
      imageBytes: this.imageLength * 4,
      rowBytes,
    };
  }

  scratchOf(thread: number): number {
    return (this.#workspaces[thread] as Workspace).scratch.address;
  }

  #createWorkspace(): Workspace {
    const { heap, products } = this.#engine;
    const tiles = this.#unitRows * this.columns;
    const inputs = heap.floats(POSITIONS * tiles * this.inputs);
    const outputs = heap.floats(POSITIONS * tiles * this.outputs);
    const filters = { count: POSITIONS, rows: this.inputs, columns: this.outputs };
    const productOf = memoize((unitRowCount) => {
      const of = { count: POSITIONS, rows: unitRowCount * this.columns };
      return products.bind(
        { ...of, data: inputs, columns: this.inputs },
        { ...filters, data: this.filters },
        { ...of, data: outputs, columns: this.outputs },
      );
    });
    return { scratch: heap.floats(SCRATCH_LENGTH), inputs, outputs, productOf };
  }

  #rowLength(): number {
    return (4 * this.columns + 2) * this.inputs;
  }

  #argmaxLength(): number {
    return this.height * this.width * this.outputs;
  }
}
