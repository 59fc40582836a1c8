import { type HeapArray, type KernelCall, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import type { ImageLayout } from './block-sizes';
import { inUnits, memoize, type StageGradients, unitRows } from './stage';
import { addUp } from './sums';
import { POSITIONS, UNIT_TILES, type WinogradStage } from './winograd-stage';

/** What a thread computes a unit in. */
interface Workspace {
  /** Transformed inputs; then their gradients. */
  readonly inputs: HeapArray;
  readonly outputs: HeapArray;
  /** A unit's share of the filters' gradients. */
  readonly part: HeapArray;
  /** Gradients of an image of the input, with the border. */
  readonly image: HeapArray;
  /** The products of a unit of so many rows of tiles. */
  readonly productsOf: (rows: number) => UnitProducts;
}

interface UnitProducts {
  readonly filters: KernelCall;
  readonly inputs: KernelCall;
}

/**
 * Gradients of a {@link WinogradStage}'s weights and images, after it computed these. Both are products of the
 * transformed gradients of its convolution's output: with the inputs' transforms, which are computed once more,
 * and with the filters'.
 */
export class WinogradGradients implements StageGradients {
  readonly #engine: BlockEngine;
  readonly #stage: WinogradStage;
  readonly #unitRows: number;
  readonly #workspaces: readonly Workspace[];
  /** By thread, [position][input][output]. */
  readonly #filters: HeapArray;
  /** By thread. */
  readonly #bias: HeapArray;

  constructor(engine: BlockEngine, stage: WinogradStage) {
    const { heap, pool } = engine;
    this.#engine = engine;
    this.#stage = stage;
    this.#unitRows = unitRows(stage.rows, stage.columns, UNIT_TILES);
    this.#workspaces = Array.from({ length: pool.threads }, () => this.#createWorkspace());
    this.#filters = heap.floats(pool.threads * stage.filters.data.length);
    this.#bias = heap.floats(pool.threads * stage.outputs);
  }

  /** Where a thread leaves the gradients of an image's input. */
  imageGradients(thread: number): ImageLayout {
    return this.#stage.inside((this.#workspaces[thread] as Workspace).image.address);
  }

  clear(thread: number): KernelCall[] {
    return [
      kernelCalls.clear({ start: this.#filtersOf(thread), end: this.#filtersOf(thread + 1) }),
      kernelCalls.clear({ start: this.#biasOf(thread), end: this.#biasOf(thread + 1) }),
    ];
  }

  calls(slot: number, thread: number, output: ImageLayout): KernelCall[] {
    const { inputs, outputs, part, image: gradients, productsOf } = this.#workspaceOf(thread);
    const stage = this.#stage;
    const scratch = stage.scratchOf(thread);
    return inUnits(0, stage.rows, this.#unitRows, (from, to) => {
      const tiles = (to - from) * stage.columns;
      const products = productsOf(to - from);
      // The kernels count rows from the image's first, of which the unit's matrices hold only these.
      const before = (channels: number) => from * stage.columns * channels * 4;
      const shape = (channels: number) => ({
        scratch,
        first: from,
        last: to,
        tileRows: stage.rows,
        tileColumns: stage.columns,
        channels,
        matrixBytes: tiles * channels * 4,
      });
      return [
        stage.transformInputs(slot, inputs.address, from, to, thread),
        kernelCalls.transformPooledGradients({
          ...shape(stage.outputs),
          matrices: outputs.address - before(stage.outputs),
          biasGradient: this.#biasOf(thread),
          gradients: output.address,
          argmax: stage.argmaxAddress(slot),
          height: stage.height,
          width: stage.width,
          imageBytes: output.imageBytes,
          rowBytes: output.rowBytes,
        }),
        products.filters,
        kernelCalls.addTo({
          sums: this.#filtersOf(thread),
          values: part.address,
          length: part.data.byteLength,
        }),
        products.inputs,
        kernelCalls.gatherInputGradients({
          ...shape(stage.inputs),
          images: gradients.address,
          matrices: inputs.address - before(stage.inputs),
        }),
      ];
    });
  }

  /** @param threads that have computed images */
  write(filters: HeapArray, bias: Float32Array, threads: number): void {
    const { sizes, inputs, outputs } = this.#stage;
    bias.set(addUp(this.#bias.data, outputs, threads).subarray(0, bias.length));
    this.#engine.pool.share(outputs / 4, (first, last, thread) =>
      kernelCalls.gatherFilterGradients({
        gradients: filters.address,
        matrices: this.#filters.address,
        scratch: this.#stage.scratchOf(thread),
        first,
        last,
        inputs: sizes.inputChannels,
        outputs: sizes.outputChannels,
        paddedInputs: inputs,
        paddedOutputs: outputs,
        parts: threads,
      }),
    );
  }

  #createWorkspace(): Workspace {
    const { heap } = this.#engine;
    const { columns, inputs, outputs, filters, imageLength } = this.#stage;
    const tiles = this.#unitRows * columns;
    const space = {
      inputs: heap.floats(POSITIONS * tiles * inputs),
      outputs: heap.floats(POSITIONS * tiles * outputs),
      part: heap.floats(filters.data.length),
    };
    const productsOf = memoize((rows) => this.#bindProducts(space, rows));
    return { ...space, image: heap.floats(imageLength), productsOf };
  }

  #bindProducts(
    { inputs, outputs, part }: Pick<Workspace, 'inputs' | 'outputs' | 'part'>,
    unitRowCount: number,
  ): UnitProducts {
    const { products } = this.#engine;
    const stage = this.#stage;
    const rows = unitRowCount * stage.columns;
    const of = { count: POSITIONS, rows };
    const filter = { count: POSITIONS, rows: stage.inputs, columns: stage.outputs };
    const left = { ...of, data: inputs, columns: stage.inputs };
    const right = { ...of, data: outputs, columns: stage.outputs };
    return {
      filters: products.bind(left, right, { ...filter, data: part }, 'left'),
      inputs: products.bind(right, { ...filter, data: stage.filters }, left, 'right'),
    };
  }

  #workspaceOf(thread: number): Workspace {
    return this.#workspaces[thread] as Workspace;
  }

  #filtersOf(thread: number): number {
    return this.#filters.address + thread * this.#stage.filters.data.byteLength;
  }

  #biasOf(thread: number): number {
    return this.#bias.address + thread * this.#stage.outputs * 4;
  }
}
