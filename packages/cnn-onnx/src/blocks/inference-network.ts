import type { Weights, WeightTensor } from '@dlcmp/contract';
import type { BlockEngine } from './block-engine';
import { BlockNetwork } from './block-network';
import { biasOf, type HeapWeights, weightOf } from './block-sizes';
import { DenseProduct } from './dense-product';
import { DenseWeights } from './dense-weights';
import type { FrontSizes } from './split-network';

/** Computes a network's front for batches of images. */
export class InferenceNetwork {
  readonly #name: string;
  readonly #blocks: BlockNetwork;
  /** The blocks' weights. */
  readonly #weights: HeapWeights;
  readonly #denseWeights: DenseWeights;
  readonly #dense: DenseProduct;

  /** @param capacity images of a batch at most */
  constructor(engine: BlockEngine, { blocks, dense }: FrontSizes, capacity: number) {
    const { heap, pool } = engine;
    this.#name = dense.name;
    this.#blocks = new BlockNetwork(engine, blocks, capacity);
    const arrays = blocks.flatMap(({ name, inputChannels, outputChannels }) => [
      [`${name}.weight`, heap.floats(inputChannels * outputChannels * 9)] as const,
      [`${name}.bias`, heap.floats(outputChannels)] as const,
    ]);
    this.#weights = Object.fromEntries(arrays);
    this.#denseWeights = new DenseWeights(heap, pool, dense);
    this.#dense = new DenseProduct(engine, this.#denseWeights, capacity);
  }

  /** Takes over the weights. */
  prepare(weights: Weights): void {
    for (const [name, { data }] of Object.entries(this.#weights)) {
      data.set((weights[name] as WeightTensor).data);
    }
    this.#blocks.prepare(this.#weights);
    this.#denseWeights.write(weightOf(weights, this.#name).data);
    this.#dense.prepare(biasOf(weights, this.#name).data);
  }

  /** The dense layer's values, before its activation: [count × units], overwritten by the next batch. */
  run(pixels: Uint8Array, count: number): Float32Array {
    this.#blocks.forward(pixels, count);
    return this.#dense.multiply(this.#blocks.features.address, count);
  }
}
