import type { HeapArray, KernelCall } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import { type BlockNetwork, featureLayout } from './block-network';
import { biasOf, type HeapWeights, type ImageLayout, weightOf } from './block-sizes';
import { DenseGradients, type DenseRows } from './dense-gradients';
import type { DenseWeights } from './dense-weights';
import { PixelGradients } from './pixel-gradients';
import type { FrontSizes } from './split-network';
import type { StageGradients } from './stage';
import { WinogradGradients } from './winograd-gradients';

/**
 * Gradients of a network's front. As forward, so backward each thread takes an image of its own through all blocks; the
 * threads' sums of gradients are added up at the end.
 */
export class FrontGradients {
  readonly #engine: BlockEngine;
  readonly #blocks: BlockNetwork;
  readonly #denseName: string | undefined;
  readonly #denseGradients: DenseGradients | undefined;
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
    network: BlockNetwork,
    weights: DenseWeights | undefined,
    capacity: number,
  ) {
    this.#engine = engine;
    this.#blocks = network;
    this.#denseName = dense?.name;
    this.#denseGradients = weights && new DenseGradients(engine, weights, capacity);
    this.#pixelGradients = new PixelGradients(engine, network.pixelStage);
    this.#otherGradients = network.others.map((stage) => new WinogradGradients(engine, stage));
    this.#featureLayout = featureLayout(blocks);
    this.#featureGradients = engine.heap.floats((capacity * this.#featureLayout.imageBytes) / 4);
  }

  /** Room for the gradients of what the front's forward pass answered for `count` images, to be filled before {@link backward}. */
  outputs(count: number): Float32Array {
    if (this.#denseGradients) return this.#denseGradients.outputs(count);
    return this.#featureGradients.data.subarray(0, (count * this.#featureLayout.imageBytes) / 4);
  }

  /**
   * Fills `gradients`, those of the dense layer's weights excepted, which go to `rows`.
   *
   * @param rows what becomes of the gradients of the dense layer's weights, where there is one
   */
  backward(gradients: HeapWeights, count: number, rows: DenseRows): void {
    if (this.#denseGradients && this.#denseName !== undefined) {
      this.#denseGradients.sumBias(biasOf(gradients, this.#denseName).data, count);
      this.#denseGradients.compute(this.#blocks.features, this.#featureGradients, count, rows);
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
