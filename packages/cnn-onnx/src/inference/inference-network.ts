import type { Weights } from '@dlcmp/bench-core/contract';
import { type BlockSizes, paddedChannels, pooledSize } from '../blocks/block-sizes';
import type { KernelCall } from '../kernels/mailbox';
import type { HeapArray } from '../kernels/shared-heap';
import { DenseProduct } from './dense-product';
import type { InferenceEngine } from './inference-engine';
import { PixelStage } from './pixel-stage';
import type { ImagePlaces, Stage } from './stage';
import { WinogradStage } from './winograd-stage';

/** A network's front: convolution blocks and the dense layer that takes their images. */
export interface FrontSizes {
  readonly blocks: readonly BlockSizes[];
  readonly dense: { readonly name: string; readonly units: number };
}

/**
 * Computes a network's front for batches of images. Each thread takes an image of its own through all
 * blocks, a few rows at a time, so that what it writes is read again from its own cache; the threads share the last
 * images, if they are fewer, block by block.
 */
export class InferenceNetwork {
  readonly #engine: InferenceEngine;
  readonly #front: FrontSizes;
  readonly #imageBytes: number;
  readonly #pixels: HeapArray<Uint8Array>;
  readonly #pixelStage: PixelStage;
  /** From the second block on. */
  readonly #others: readonly WinogradStage[];
  /** Filters of each of them, as they are trained. */
  readonly #filters: readonly HeapArray[];
  readonly #features: HeapArray;
  readonly #dense: DenseProduct;
  /** Calls that compute an image on one thread, and those that compute it on all, round by round. */
  readonly #wholeCalls: KernelCall[][] = [];
  readonly #sharedCalls: KernelCall[][][][] = [];

  /** @param capacity images of a batch at most */
  constructor(engine: InferenceEngine, front: FrontSizes, capacity: number) {
    const { heap } = engine;
    const { blocks, dense } = front;
    const [first, ...rest] = blocks as [BlockSizes, ...BlockSizes[]];
    const last = blocks.at(-1) as BlockSizes;
    const [height, width] = [pooledSize(last.inputHeight), pooledSize(last.inputWidth)];
    const rowBytes = width * paddedChannels(last.outputChannels) * 4;
    this.#engine = engine;
    this.#front = front;
    this.#imageBytes = first.inputHeight * first.inputWidth * 3;
    this.#pixels = heap.bytes(capacity * this.#imageBytes);
    this.#features = heap.floats((capacity * height * rowBytes) / 4);
    let output: ImagePlaces = {
      address: this.#features.address,
      ...{ imageBytes: height * rowBytes, rowBytes, places: capacity },
    };
    const stages: WinogradStage[] = [];
    for (const sizes of rest.toReversed()) {
      const stage = new WinogradStage(engine, sizes, output);
      stages.unshift(stage);
      output = stage.input;
    }
    this.#others = stages;
    this.#filters = rest.map((block) =>
      heap.floats(block.inputChannels * block.outputChannels * 9),
    );
    this.#pixelStage = new PixelStage(engine, first, output);
    const sizes = { ...dense, channels: last.outputChannels, area: height * width };
    this.#dense = new DenseProduct(engine, sizes, capacity);
  }

  /** Takes over the weights. */
  prepare(weights: Weights): void {
    const dataOf = (name: string) => (weights[name] as { data: Float32Array }).data;
    const { blocks, dense } = this.#front;
    const [first, ...rest] = blocks as [BlockSizes, ...BlockSizes[]];
    this.#pixelStage.prepare(dataOf(`${first.name}.weight`), dataOf(`${first.name}.bias`));
    for (const [index, { name }] of rest.entries()) {
      const filters = this.#filters[index] as HeapArray;
      filters.data.set(dataOf(`${name}.weight`));
      this.#others[index]?.prepare(filters, dataOf(`${name}.bias`));
    }
    this.#dense.prepare(dataOf(`${dense.name}.weight`), dataOf(`${dense.name}.bias`));
  }

  /** The dense layer's values, before its activation: [count × units], overwritten by the next batch. */
  run(pixels: Uint8Array, count: number): Float32Array {
    const { threads } = this.#engine.pool;
    this.#pixels.data.set(pixels);
    const whole = count - (count % threads);
    for (let first = 0; first < whole; first += threads) this.#runWhole(first, threads);
    for (let image = whole; image < count; image++) this.#runShared(image);
    return this.#dense.multiply(this.#features.address, count);
  }

  /** An image on each thread. */
  #runWhole(first: number, threads: number): void {
    const images = Array.from({ length: threads }, (_, thread) => first + thread);
    this.#engine.pool.run(
      images.map(
        (image, thread) => (this.#wholeCalls[image] ??= this.#callsOfWhole(image, thread)),
      ),
    );
  }

  #callsOfWhole(image: number, thread: number): KernelCall[] {
    const blocks = this.#stages().flatMap((stage) => stage.calls(image, 0, stage.rows, thread));
    return [this.#normalize(image), ...blocks];
  }

  /** One image, each block of it on all threads. */
  #runShared(image: number): void {
    this.#sharedCalls[image] ??= this.#callsOfShared(image);
    for (const lists of this.#sharedCalls[image] ?? []) this.#engine.pool.run(lists);
  }

  #callsOfShared(image: number): KernelCall[][][] {
    const { threads } = this.#engine.pool;
    const rounds = this.#stages().map((stage) => {
      const size = Math.ceil(stage.rows / threads);
      const lists: KernelCall[][] = [];
      for (let first = 0; first < stage.rows; first += size) {
        const last = Math.min(first + size, stage.rows);
        lists.push(stage.calls(image, first, last, lists.length));
      }
      return lists;
    });
    return [[[this.#normalize(image)]], ...rounds];
  }

  #stages(): Stage[] {
    return [this.#pixelStage, ...this.#others];
  }

  #normalize(image: number): KernelCall {
    return this.#pixelStage.normalize(image, this.#pixels.address + image * this.#imageBytes);
  }
}
