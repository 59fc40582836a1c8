import { type BlockSizes, paddedChannels, pooledSize } from '../blocks/block-sizes';
import type { KernelCall } from '../kernels/mailbox';
import type { HeapArray } from '../kernels/shared-heap';
import type { InferenceEngine } from './inference-engine';
import { type ImagePlaces, inUnits, placeOf, type Stage, unitRows } from './stage';

const POSITIONS = 36;
const SCRATCH_LENGTH = 512;
/** Tiles of a unit: enough for a product to be fast, few enough for its matrices to stay in a core's cache. */
const UNIT_TILES = 40;

/** What a thread computes a unit in. */
interface Workspace {
  readonly scratch: HeapArray;
  readonly inputs: HeapArray;
  readonly outputs: HeapArray;
  readonly product: readonly number[];
}

/** A block by Winograd's convolution, a few rows of tiles at a time. See `blocks/winograd-block.ts`. */
export class WinogradStage implements Stage {
  readonly rows: number;
  readonly #engine: InferenceEngine;
  readonly #sizes: BlockSizes;
  readonly #height: number;
  readonly #width: number;
  readonly #columns: number;
  readonly #inputs: number;
  readonly #outputs: number;
  readonly #unitRows: number;
  readonly #filters: HeapArray;
  readonly #bias: HeapArray;
  readonly #images: HeapArray;
  readonly #workspaces: readonly Workspace[];
  readonly #output: ImagePlaces;

  constructor(engine: InferenceEngine, sizes: BlockSizes, output: ImagePlaces) {
    const { heap, pool, slots } = engine;
    this.#engine = engine;
    this.#sizes = sizes;
    this.#output = output;
    this.#height = pooledSize(sizes.inputHeight);
    this.#width = pooledSize(sizes.inputWidth);
    this.rows = Math.ceil(this.#height / 2);
    this.#columns = Math.ceil(this.#width / 2);
    this.#inputs = paddedChannels(sizes.inputChannels);
    this.#outputs = paddedChannels(sizes.outputChannels);
    this.#unitRows = unitRows(this.rows, this.#columns, UNIT_TILES);
    this.#filters = heap.floats(POSITIONS * this.#inputs * this.#outputs);
    this.#bias = heap.floats(this.#outputs);
    this.#images = heap.floats(slots * this.#imageLength());
    this.#workspaces = Array.from({ length: pool.threads }, () => this.#createWorkspace());
  }

  /** Where its images are written. */
  get input(): ImagePlaces {
    const rowBytes = this.#rowLength() * 4;
    return {
      address: this.#images.address + rowBytes + this.#inputs * 4,
      imageBytes: this.#imageLength() * 4,
      rowBytes,
      places: this.#engine.slots,
    };
  }

  /** Takes over the weights. */
  prepare(filters: HeapArray, bias: Float32Array): void {
    this.#bias.data.set(bias);
    this.#engine.pool.share(
      'transformFilters',
      this.#sizes.outputChannels,
      (first, last, thread) => [
        ...[this.#filters.address, filters.address, this.#scratchOf(thread), first, last],
        ...[this.#sizes.inputChannels, this.#inputs, this.#outputs],
      ],
    );
  }

  calls(image: number, first: number, last: number, thread: number): KernelCall[] {
    const { scratch, inputs, outputs, product } = this.#workspaces[thread] as Workspace;
    const source = placeOf({ ...this.input, address: this.#images.address }, image);
    const target = placeOf(this.#output, image);
    const tiles = this.#unitRows * this.#columns;
    const shape = (channels: number) => [this.rows, this.#columns, channels, tiles * channels * 4];
    return inUnits(first, last, this.#unitRows, (from, to) => {
      // The kernels count rows from the image's first, of which the unit's matrices hold only these.
      const before = (channels: number) => from * this.#columns * channels * 4;
      return [
        [
          'transformInputs',
          ...[inputs.address - before(this.#inputs), source, scratch.address, from, to],
          ...shape(this.#inputs),
        ],
        ['multiply', ...product],
        [
          'poolOutputs',
          ...[target, 0, outputs.address - before(this.#outputs), this.#bias.address],
          ...[scratch.address, from, to, ...shape(this.#outputs), this.#height, this.#width],
          ...[this.#output.imageBytes, this.#output.rowBytes],
        ],
      ];
    });
  }

  #createWorkspace(): Workspace {
    const { heap, products } = this.#engine;
    const rows = this.#unitRows * this.#columns;
    const inputs = heap.floats(POSITIONS * rows * this.#inputs);
    const outputs = heap.floats(POSITIONS * rows * this.#outputs);
    const product = products.bind(
      { data: inputs, count: POSITIONS, rows, columns: this.#inputs },
      { data: this.#filters, count: POSITIONS, rows: this.#inputs, columns: this.#outputs },
      { data: outputs, count: POSITIONS, rows, columns: this.#outputs },
    );
    return { scratch: heap.floats(SCRATCH_LENGTH), inputs, outputs, product };
  }

  #scratchOf(thread: number): number {
    return (this.#workspaces[thread] as Workspace).scratch.address;
  }

  #rowLength(): number {
    return (4 * this.#columns + 2) * this.#inputs;
  }

  #imageLength(): number {
    return (4 * this.rows + 2) * this.#rowLength();
  }
}
