import type { AdamOptions, TrainingBatch, Weights, WeightTensor } from '@dlcmp/bench-core/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { BlockNetwork, type HeapWeights } from '../blocks/block-network';
import { type SplitNetwork, splitNetwork } from '../blocks/split-network';
import { KernelPool } from '../kernels/kernel-pool';
import { SharedHeap } from '../kernels/shared-heap';
import { dropoutMaskName } from '../layers/dropout';
import type { Network } from '../layers/sequential';
import { DROPOUT } from '../model/simple-cnn';
import { buildTrainingModel, FEATURES, gradientName, LABELS, LOSS } from '../model/training-model';
import { AdamOptimizer } from '../optimizers/adam-optimizer';
import { MatrixProducts } from '../runtime/matrix-products';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { viewMemory } from '../runtime/view-memory';

/** Images that go through the blocks together, at least: their matrices fit a shared cache. */
const MIN_CHUNK = 4;

/** What a trainer computes with, released together. */
interface TrainingEngine {
  readonly heap: SharedHeap;
  readonly pool: KernelPool;
  readonly products: MatrixProducts;
  readonly head: InferenceSession;
}

/**
 * Computes gradients and updates weights: the blocks at the network's front by kernels and matrix
 * products, the rest as one ONNX graph. Every large array is allocated once and reused.
 */
export class Trainer {
  /** The weights being trained. */
  readonly weights: Weights;
  /** The gradients of the last batch, overwritten by the next. */
  readonly gradients: Weights;
  readonly #runtime: OnnxRuntime;
  readonly #split: SplitNetwork;
  readonly #engine: TrainingEngine;
  readonly #heapWeights: HeapWeights;
  readonly #heapGradients: HeapWeights;
  readonly #optimizer: AdamOptimizer;
  readonly #loss = new Float32Array(1);
  /** Where the heap's arrays that depend on the batch size begin. */
  readonly #mark: number;
  #blocks: BlockNetwork | undefined;
  #capacity = 0;

  private constructor(
    runtime: OnnxRuntime,
    split: SplitNetwork,
    engine: TrainingEngine,
    weights: Weights,
  ) {
    const { heap, pool } = engine;
    this.#runtime = runtime;
    this.#split = split;
    this.#engine = engine;
    this.#heapWeights = allocateLike(heap, weights);
    this.#heapGradients = allocateLike(heap, weights);
    this.weights = onHeap(weights, this.#heapWeights);
    this.gradients = onHeap(weights, this.#heapGradients);
    for (const [name, { data }] of Object.entries(weights)) this.weights[name]?.data.set(data);
    this.#optimizer = new AdamOptimizer(pool, heap, this.#heapWeights, this.#heapGradients);
    this.#mark = heap.mark();
  }

  /** @param weights where training starts; copied to {@link weights} */
  static async create(runtime: OnnxRuntime, network: Network, weights: Weights): Promise<Trainer> {
    const split = splitNetwork(network);
    const heap = new SharedHeap(viewMemory);
    const [pool, products, head] = await Promise.all([
      KernelPool.create(heap.memory, runtime.threads),
      MatrixProducts.create(runtime),
      runtime.openSession(buildTrainingModel(split.head, { input: FEATURES })),
    ]);
    return new Trainer(runtime, split, { heap, pool, products, head }, weights);
  }

  /** Forgets the optimiser's moments. */
  reset(): void {
    this.#optimizer.reset();
  }

  /** Fills {@link gradients} and returns the batch's mean cross-entropy. */
  async computeGradients(batch: TrainingBatch): Promise<number> {
    const blocks = this.#openBlocks(batch.size);
    blocks.prepare(this.#heapWeights);
    await blocks.forward(batch.pixels, batch.size);
    await this.#runHead(blocks, batch);
    await blocks.backward(this.#heapGradients, batch.size);
    return this.#loss[0] as number;
  }

  /** Updates the weights once and returns the loss before. */
  async step(batch: TrainingBatch, adam: Required<AdamOptions>): Promise<number> {
    const loss = await this.computeGradients(batch);
    this.#optimizer.step(adam);
    return loss;
  }

  async release(): Promise<void> {
    const { pool, products, head } = this.#engine;
    await Promise.all([pool.close(), products.release(), head.release()]);
  }

  async #runHead(blocks: BlockNetwork, batch: TrainingBatch): Promise<void> {
    const { size, labels, dropoutKeep } = batch;
    const { tensor } = this.#runtime;
    const { head } = this.#split;
    const shape = [size, ...head.inputShape];
    const length = shape.reduce((product, side) => product * side, 1);
    const weights = Object.keys(head.weightShapes);
    await this.#engine.head.run(
      {
        ...this.#tensors(this.weights, weights, (name) => name),
        [FEATURES]: tensor('float32', blocks.features.data.subarray(0, length), shape),
        [LABELS]: tensor('int32', labels, [size]),
        [dropoutMaskName(DROPOUT)]: tensor('uint8', dropoutKeep, [size, dropoutKeep.length / size]),
      },
      {
        ...this.#tensors(this.gradients, weights, gradientName),
        [LOSS]: tensor('float32', this.#loss, []),
        [gradientName(FEATURES)]: tensor(
          'float32',
          blocks.featureGradients.data.subarray(0, length),
          shape,
        ),
      },
    );
  }

  #tensors(
    weights: Weights,
    names: readonly string[],
    rename: (name: string) => string,
  ): Record<string, Tensor> {
    return Object.fromEntries(
      names.map((name) => {
        const { shape, data } = weights[name] as WeightTensor;
        return [rename(name), this.#runtime.tensor('float32', data, shape)];
      }),
    );
  }

  /** Blocks with room for a batch of `size`; a larger batch than any before moves them. */
  #openBlocks(size: number): BlockNetwork {
    if (this.#blocks && size <= this.#capacity) return this.#blocks;
    const { heap, pool, products } = this.#engine;
    const { threads } = pool;
    const chunk = Math.ceil(Math.min(MIN_CHUNK, size) / threads) * threads;
    heap.release(this.#mark);
    this.#capacity = size;
    this.#blocks = new BlockNetwork(
      { heap, pool, products, chunk, capacity: size, training: true },
      this.#split.blocks,
    );
    return this.#blocks;
  }
}

/** `weights` with each tensor's data replaced. */
export function mapTensors(
  weights: Weights,
  replace: (data: Float32Array) => Float32Array,
): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: replace(data) } satisfies WeightTensor,
    ]),
  );
}

function allocateLike(heap: SharedHeap, weights: Weights): HeapWeights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => [name, heap.floats(data.length)]),
  );
}

function onHeap(weights: Weights, arrays: HeapWeights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape }]) => [
      name,
      { shape, data: (arrays[name] as { data: Float32Array }).data },
    ]),
  );
}
