import type { HeapArray } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import { BlockNetwork } from './block-network';
import { biasOf, type HeapWeights } from './block-sizes';
import { DenseProduct } from './dense-product';
import type { DenseWeights } from './dense-weights';
import { FrontGradients } from './front-gradients';
import type { FrontSizes } from './split-network';

/**
 * Computes a network's front for batches of images, and its gradients where it is made for training. What kernels need of
 * the weights in another form, such as Winograd's transforms, is in here.
 */
export class FrontNetwork {
  /** Images of a batch at most, and of one whose gradients follow. */
  readonly capacity: number;
  readonly trainable: number;
  readonly gradients: FrontGradients | undefined;
  readonly #denseName: string | undefined;
  readonly #blocks: BlockNetwork;
  readonly #dense: DenseProduct | undefined;

  /**
   * @param dense weights of the front's dense layer, where it has one
   * @param capacity images of a batch at most
   * @param trainable images of a batch whose gradients follow, at most; 0 where none do
   */
  constructor(
    { heap, pool, products }: Pick<BlockEngine, 'heap' | 'pool' | 'products'>,
    front: FrontSizes,
    dense: DenseWeights | undefined,
    capacity: number,
    trainable: number,
  ) {
    const training = trainable > 0;
    const slots = Math.max(trainable, pool.threads);
    const engine = { heap, pool, products, slots, training };
    this.capacity = Math.max(capacity, trainable);
    this.trainable = trainable;
    this.#denseName = front.dense?.name;
    this.#blocks = new BlockNetwork(engine, front, this.capacity);
    this.#dense = dense && new DenseProduct(engine, dense, this.capacity);
    this.gradients = training
      ? new FrontGradients(engine, front, this.#blocks, dense, trainable)
      : undefined;
  }

  /** To be called when the weights have changed, before {@link forward}. */
  prepare(weights: HeapWeights): void {
    this.#blocks.prepare(weights);
    if (this.#denseName !== undefined) this.#dense?.prepare(biasOf(weights, this.#denseName).data);
  }

  /**
   * What goes into the tail, overwritten by the next batch: the dense layer's values before its activation, [count × units], or
   * the blocks' images, [count × height × width × channels] with channels padded.
   *
   * @param gradientsFollow whether what {@link gradients} reads is kept
   */
  forward(pixels: Uint8Array, count: number, gradientsFollow: boolean): Float32Array {
    this.#blocks.forward(pixels, count, gradientsFollow);
    const { features } = this.#blocks;
    if (this.#dense) return this.#dense.multiply(features.address, count);
    return firstImages(features, count, this.capacity);
  }
}

/** The values of the first images of an array that holds so many. */
export function firstImages({ data }: HeapArray, count: number, capacity: number): Float32Array {
  return data.subarray(0, (data.length / capacity) * count);
}
