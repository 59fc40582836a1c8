import type { Kernels } from '@dlcmp/kernels';
import type { EagerContext } from '../binding/eager-context';
import { StackProducts } from './stack-products';
import { countStrips, layOutStrips, type Strip, stripAt } from './strips';
import { HEADER_BYTES, type SharedTileMemory, TileMemory } from './tile-memory';
import {
  type ConvolutionShape,
  FLOAT,
  layOut,
  POSITIONS,
  type ThreadLayout,
  type Tiling,
} from './tiling';

/** One thread's part of the work on a convolution. */
export interface ThreadWork {
  readonly shape: ConvolutionShape;
  readonly tiling: Tiling;
  /** This thread's number, from 0 on. */
  readonly thread: number;
  readonly threads: number;
}

/** Addresses of the data of a convolution's tensors. */
export interface ConvolutionData {
  readonly images: number;
  /** G g Gᵀ: [position][input][output]. */
  readonly filters: number;
  /** 0: none. */
  readonly bias: number;
  readonly results: number;
}

/** What becomes of a convolution's results. */
export interface Finish {
  /** They are no less than that. */
  readonly least: number;
  /** Whether of 2 × 2 pixels only the maximum is kept, and that no less than 0. */
  readonly pooled: boolean;
}

/**
 * A thread that computes strips of convolutions by Winograd's F(4×4, 3×3), in the cache of its core: kernels transform,
 * TensorFlow multiplies.
 *
 * Source: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks".
 */
export class TileThread {
  readonly memory: TileMemory;
  readonly #products: StackProducts;
  readonly #kernels: Kernels;

  /** @param eager see {@link StackProducts} */
  constructor(
    eager: Pick<EagerContext, 'library' | 'context'>,
    kernels: Kernels,
    memory: SharedTileMemory,
  ) {
    this.memory = new TileMemory(eager.library.koffi, memory);
    this.#products = new StackProducts(eager);
    this.#kernels = kernels;
  }

  /** results = images ∗ filters + bias, strip after strip until none is left. */
  convolve(work: ThreadWork, data: ConvolutionData, { least, pooled }: Finish): void {
    const { shape, tiling } = work;
    const { inputs, outputs } = shape;
    const at = this.#begin(work, false);
    if (data.bias === 0) this.memory.clear(at.bias, outputs * FLOAT);
    else this.memory.copyIn(at.bias, data.bias, outputs * FLOAT);
    const filters = this.#products.stackAt(data.filters, inputs, outputs);
    const resultStrips = layOutStrips(shape, tiling, outputs, 0, pooled);
    for (const index of this.memory.takeStrips(countStrips(shape, tiling))) {
      const strip = stripAt(index, tiling);
      const tiles = strip.tileRows * tiling.tileColumns;
      const images = this.#transformImages(work, data.images, strip, at);
      this.#products.multiply(images, filters, false, (product) =>
        this.memory.copyIn(at.resultMatrices, product, POSITIONS * tiles * outputs * FLOAT),
      );
      this.#finish(work, strip, at, { least, pooled });
      this.memory.writeStrip(data.results, at.results, strip, resultStrips);
    }
    this.#products.clear();
  }

  /**
   * ∂u, which the filters' gradients are made of, summed over this thread's strips and left at its place for the sum.
   *
   * @param images address of the images' data, as `gradients` of that of the results' gradients
   */
  sumFilterGradients(work: ThreadWork, images: number, gradients: number): void {
    const { shape, tiling, thread, threads } = work;
    const { inputs, outputs } = shape;
    const at = this.#begin(work, true);
    const sumBytes = POSITIONS * inputs * outputs * FLOAT;
    this.memory.clear(at.sum, sumBytes);
    this.memory.clear(at.results, at.imageMatrices - at.results);
    const gradientStrips = layOutStrips(shape, tiling, outputs, 0);
    for (let index = thread; index < countStrips(shape, tiling); index += threads) {
      const strip = stripAt(index, tiling);
      const tiles = strip.tileRows * tiling.tileColumns;
      const left = this.#transformImages(work, images, strip, at);
      this.memory.readStrip(at.results, gradients, strip, gradientStrips);
      this.#kernels.transformOutputGradients({
        matrices: at.resultMatrices,
        strip: at.results,
        scratch: at.scratch,
        tileRows: strip.tileRows,
        tileColumns: tiling.tileColumns,
        channels: outputs,
      });
      const right = this.#stackAt(at.resultMatrices, tiles, outputs);
      this.#products.multiply(left, right, true, (product) =>
        this.memory.copyIn(at.product, product, sumBytes),
      );
      this.#kernels.addTo({ sums: at.sum, values: at.product, length: sumBytes });
    }
    this.#products.clear();
  }

  /** Bᵀ d B of the tiles d of a strip. */
  #transformImages({ shape, tiling }: ThreadWork, images: number, strip: Strip, at: ThreadLayout) {
    const { inputs } = shape;
    this.memory.readStrip(at.images, images, strip, layOutStrips(shape, tiling, inputs, 1));
    const tiles = strip.tileRows * tiling.tileColumns;
    this.#kernels.transformInputs({
      matrices: at.imageMatrices,
      images: at.images,
      scratch: at.scratch,
      first: 0,
      last: strip.tileRows,
      tileRows: strip.tileRows,
      tileColumns: tiling.tileColumns,
      channels: inputs,
      matrixBytes: tiles * inputs * FLOAT,
    });
    return this.#stackAt(at.imageMatrices, tiles, inputs);
  }

  /** From a strip's products to its results, pooled or not. */
  #finish(
    { shape, tiling }: ThreadWork,
    { tileRows }: Strip,
    at: ThreadLayout,
    { least, pooled }: Finish,
  ): void {
    const { tileColumns } = tiling;
    const channels = shape.outputs;
    const shared = {
      matrices: at.resultMatrices,
      bias: at.bias,
      scratch: at.scratch,
      tileRows,
      tileColumns,
      channels,
    };
    if (!pooled) {
      this.#kernels.writeOutputs({ ...shared, strip: at.results, least });
      return;
    }
    const [height, width] = [tileRows * 2, tileColumns * 2];
    const rowBytes = width * channels * FLOAT;
    this.#kernels.poolOutputs({
      ...shared,
      images: at.results,
      argmax: 0,
      first: 0,
      last: tileRows,
      matrixBytes: tileRows * tileColumns * channels * FLOAT,
      height,
      width,
      imageBytes: height * rowBytes,
      rowBytes,
    });
  }

  #stackAt(place: number, rows: number, columns: number) {
    return this.#products.stackAt(this.memory.addressOf(place), rows, columns);
  }

  /** Where things lie in this thread's share of the memory; what is right of the images is zero. */
  #begin({ shape, tiling, thread }: ThreadWork, forFilters: boolean): ThreadLayout {
    const { bytes } = layOut(shape, tiling, forFilters);
    const layout = layOut(shape, tiling, forFilters, HEADER_BYTES + thread * bytes);
    this.memory.clear(layout.images, layout.results - layout.images);
    return layout;
  }
}
