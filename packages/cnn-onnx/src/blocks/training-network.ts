import type { AdamFactors } from '@dlcmp/contract';
import type { HeapArray, KernelCall } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import { BlockNetwork, featureLayout } from './block-network';
import { biasOf, type HeapWeights, type ImageLayout, weightOf } from './block-sizes';
import { DenseGradients, type DenseMoments } from './dense-gradients';
import { DenseProduct } from './dense-product';
import type { DenseWeights } from './dense-weights';
import { PixelGradients } from './pixel-gradients';
import type { FrontSizes } from './split-network';
import type { StageGradients } from './stage';
import { WinogradGradients } from './winograd-gradients';

/**
 * Computes a network's front and its gradients. As forward, so backward each thread takes an image of its own
 * through all blocks; the threads' sums of gradients are added up at the end.
 */
export class TrainingNetwork {
  readonly #engine: BlockEngine;
  readonly #name: string;
  readonly #blocks: BlockNetwork;
  readonly #dense: DenseProduct;
  readonly #denseGradients: DenseGradients;
  readonly #pixelGradients: PixelGradients;
  readonly #otherGradients: readonly WinogradGradients[];
  readonly #featureGradients: HeapArray;
  readonly #featureLayout: Omit<ImageLayout, 'address'>;
  /** Calls that compute an image's gradients; a thread's first image begins its sums. */
  readonly #calls: KernelCall[][] = [];

  /** @param capacity images of a batch at most */
  constructor(
    engine: BlockEngine,
    { blocks, dense }: FrontSizes,
    denseWeights: DenseWeights,
    capacity: number,
  ) {
    this.#engine = engine;
    this.#name = dense.name;
    this.#blocks = new BlockNetwork(engine, blocks, capacity);
    this.#dense = new DenseProduct(engine, denseWeights, capacity);
    this.#denseGradients = new DenseGradients(engine, denseWeights, capacity);
    this.#pixelGradients = new PixelGradients(engine, this.#blocks.pixelStage);
    this.#otherGradients = this.#blocks.others.map((stage) => new WinogradGradients(engine, stage));
    this.#featureGradients = engine.heap.floats(this.#blocks.features.data.length);
    this.#featureLayout = featureLayout(blocks);
  }

  /** The dense layer's values, before its activation: [count × units], overwritten by the next batch. */
  forward(weights: HeapWeights, pixels: Uint8Array, count: number): Float32Array {
    this.#blocks.prepare(weights);
    this.#dense.prepare(biasOf(weights, this.#name).data);
    this.#blocks.forward(pixels, count);
    return this.#dense.multiply(this.#blocks.features.address, count);
  }

  /**
   * Fills `gradients`, those of the dense layer's weights excepted, and either has Adam update these or writes their
   * gradients.
   *
   * @param outputs gradients of what {@link forward} answered
   * @param dense what becomes of the dense layer's weights
   */
  backward(
    gradients: HeapWeights,
    outputs: Float32Array,
    count: number,
    dense: { factors: AdamFactors; moments: DenseMoments } | { gradients: HeapArray },
  ): void {
    const { features } = this.#blocks;
    this.#denseGradients.prepare(outputs, biasOf(gradients, this.#name).data, count);
    if ('factors' in dense) {
      const { factors, moments } = dense;
      this.#denseGradients.step(factors, moments, features, this.#featureGradients, count);
    } else {
      this.#denseGradients.write(dense.gradients, features, this.#featureGradients, count);
    }
    this.#backwardBlocks(count);
    this.#writeGradients(gradients, Math.min(count, this.#engine.pool.threads));
  }

  #backwardBlocks(count: number): void {
    const { pool } = this.#engine;
    for (let first = 0; first < count; first += pool.threads) {
      const images = Array.from(
        { length: Math.min(pool.threads, count - first) },
        (_, thread) => first + thread,
      );
      pool.run(
        images.map((image, thread) => {
          this.#calls[image] ??= [
            ...(first === 0 ? this.#clear(thread) : []),
            ...this.#callsOf(image, thread),
          ];
          return this.#calls[image];
        }),
      );
    }
  }

  #clear(thread: number): KernelCall[] {
    const all: StageGradients[] = [this.#pixelGradients, ...this.#otherGradients];
    return all.flatMap((gradients) => gradients.clear(thread));
  }

  #callsOf(image: number, thread: number): KernelCall[] {
    const { imageBytes } = this.#featureLayout;
    const address = this.#featureGradients.address + image * imageBytes;
    const calls: KernelCall[] = [];
    let output: ImageLayout = { ...this.#featureLayout, address };
    for (const gradients of this.#otherGradients.toReversed()) {
      calls.push(...gradients.calls(image, thread, output));
      output = gradients.imageGradients(thread);
    }
    calls.push(...this.#pixelGradients.calls(image, thread, output));
    return calls;
  }

  #writeGradients(gradients: HeapWeights, threads: number): void {
    const { pixelStage, others } = this.#blocks;
    const { name } = pixelStage.sizes;
    const filters = weightOf(gradients, name).data;
    this.#pixelGradients.write(filters, biasOf(gradients, name).data, threads);
    for (const [index, stageGradients] of this.#otherGradients.entries()) {
      const { name } = (others[index] as (typeof others)[number]).sizes;
      stageGradients.write(weightOf(gradients, name), biasOf(gradients, name).data, threads);
    }
  }
}
