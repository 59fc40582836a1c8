import type { HeapArray, KernelCall } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import {
  type BlockSizes,
  biasOf,
  type HeapWeights,
  type ImageLayout,
  paddedChannels,
  pooledSize,
  weightOf,
} from './block-sizes';
import { PixelStage } from './pixel-stage';
import type { FrontSizes } from './split-network';
import type { ImagePlace, ImagePlaces, Stage } from './stage';
import { WinogradStage } from './winograd-stage';

/**
 * Convolution blocks for batches of images. Each thread takes an image of its own through all blocks, a few rows at a
 * time, so that what it writes is read again from its own cache; the threads share the last images, if they are fewer,
 * block by block.
 */
export class BlockNetwork {
  readonly pixelStage: PixelStage;
  /** From the second block on. */
  readonly others: readonly WinogradStage[];
  /** The last forward pass's result, [image][pixel][channel] with channels padded. */
  readonly features: HeapArray;
  readonly #engine: BlockEngine;
  readonly #pixels: HeapArray<Uint8Array>;
  readonly #imageBytes: number;
  readonly #calls = { training: new ImageCalls(), inference: new ImageCalls() };

  /** @param capacity images of a batch at most */
  constructor(engine: BlockEngine, { blocks, normalisation }: FrontSizes, capacity: number) {
    const { heap } = engine;
    const [first, ...rest] = blocks as [BlockSizes, ...BlockSizes[]];
    this.#engine = engine;
    this.#imageBytes = first.inputHeight * first.inputWidth * 3;
    this.#pixels = heap.bytes(capacity * this.#imageBytes);
    const layout = featureLayout(blocks);
    this.features = heap.floats((capacity * layout.imageBytes) / 4);
    let output: ImagePlaces = { ...layout, address: this.features.address, by: 'image' };
    const stages: WinogradStage[] = [];
    for (const sizes of rest.toReversed()) {
      const stage = new WinogradStage(engine, sizes, output);
      stages.unshift(stage);
      output = stage.input;
    }
    this.others = stages;
    this.pixelStage = new PixelStage(engine, first, normalisation, output);
  }

  /** Takes over the weights. */
  prepare(weights: HeapWeights): void {
    const { name } = this.pixelStage.sizes;
    this.pixelStage.prepare(weightOf(weights, name).data, biasOf(weights, name).data);
    for (const stage of this.others) {
      const { name } = stage.sizes;
      stage.prepare(weightOf(weights, name), biasOf(weights, name).data);
    }
  }

  /**
   * Fills {@link features}.
   *
   * @param gradientsFollow whether the way through the blocks is kept, which only a network for training can
   */
  forward(pixels: Uint8Array, count: number, gradientsFollow: boolean): void {
    const { threads } = this.#engine.pool;
    this.#pixels.data.set(pixels);
    const whole = count - (count % threads);
    for (let first = 0; first < whole; first += threads)
      this.#runWhole(first, threads, gradientsFollow);
    for (let image = whole; image < count; image++) this.#runShared(image, gradientsFollow);
  }

  /** An image on each thread. */
  #runWhole(first: number, threads: number, gradientsFollow: boolean): void {
    const { whole } = this.#callsFor(gradientsFollow);
    const images = Array.from({ length: threads }, (_, thread) => first + thread);
    this.#engine.pool.run(
      images.map((image, thread) => {
        whole[image] ??= this.#callsOfWhole(this.#placeOf(image, gradientsFollow), thread);
        return whole[image];
      }),
    );
  }

  #callsOfWhole(place: ImagePlace, thread: number): KernelCall[] {
    const blocks = this.#stages().flatMap((stage) => stage.calls(place, 0, stage.rows, thread));
    return [this.#normalize(place), ...blocks];
  }

  /** One image, each block of it on all threads. */
  #runShared(image: number, gradientsFollow: boolean): void {
    const { shared } = this.#callsFor(gradientsFollow);
    shared[image] ??= this.#callsOfShared(this.#placeOf(image, gradientsFollow));
    for (const lists of shared[image] ?? []) this.#engine.pool.run(lists);
  }

  #callsOfShared(place: ImagePlace): KernelCall[][][] {
    const { pool } = this.#engine;
    const rounds = this.#stages().map((stage) =>
      pool
        .parts(stage.rows)
        .map(([first, last], thread) => stage.calls(place, first, last, thread)),
    );
    return [[[this.#normalize(place)]], ...rounds];
  }

  #callsFor(gradientsFollow: boolean): ImageCalls {
    return gradientsFollow ? this.#calls.training : this.#calls.inference;
  }

  #placeOf(image: number, gradientsFollow: boolean): ImagePlace {
    const { threads } = this.#engine.pool;
    return {
      image,
      slot: gradientsFollow ? image : image % threads,
      keepsArgmax: gradientsFollow,
    };
  }

  #stages(): Stage[] {
    return [this.pixelStage, ...this.others];
  }

  #normalize({ image, slot }: ImagePlace): KernelCall {
    return this.pixelStage.normalize(slot, this.#pixels.address + image * this.#imageBytes);
  }
}

/** Calls by the image's number in the batch, made when first needed. */
class ImageCalls {
  /** Those that compute it on one thread. */
  readonly whole: KernelCall[][] = [];
  /** Those that compute it on all, round by round. */
  readonly shared: KernelCall[][][][] = [];
}

/** How the last block's images lie in memory, without an address. */
export function featureLayout(blocks: readonly BlockSizes[]): Omit<ImageLayout, 'address'> {
  const last = blocks.at(-1) as BlockSizes;
  const rowBytes = pooledSize(last.inputWidth) * paddedChannels(last.outputChannels) * 4;
  return { imageBytes: pooledSize(last.inputHeight) * rowBytes, rowBytes };
}
