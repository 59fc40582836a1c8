import type {
  AdamFactors,
  Network,
  OptimizerState,
  TrainingBatch,
  Weights,
  WeightTensor,
} from '@dlcmp/contract';
import type { HeapArray } from '@dlcmp/kernels';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { type Compute, openCompute, releaseOnFailure } from '../runtime/open-compute';
import { AdamOptimizer } from './adam-optimizer';
import type { HeapWeights } from './block-sizes';
import type { DenseMoments } from './dense-gradients';
import { DenseWeights } from './dense-weights';
import { allocateTensors, asTensors, writeTensors } from './heap-tensors';
import type { SplitNetwork } from './split-network';
import { TailTrainer } from './tail-trainer';
import { TrainingNetwork } from './training-network';

/** What a trainer computes with, released together. */
interface TrainingEngine extends Compute {
  readonly tail: TailTrainer;
}

/**
 * Trains a network's front, convolution blocks and a large dense layer, by kernels and matrix products, and the layers
 * behind as one small ONNX graph.
 */
export class BlockTrainer {
  readonly #split: SplitNetwork;
  readonly #engine: TrainingEngine;
  /** Shapes of all weights, in the network's order. */
  readonly #shapes: Network['weightShapes'];
  /** Weights and gradients but for those of the front's dense layer, which lie in an order of their own. */
  readonly #arrays: HeapWeights;
  readonly #gradients: HeapWeights;
  readonly #optimizer: AdamOptimizer;
  readonly #dense: DenseWeights;
  readonly #denseMoments: DenseMoments;
  /** Where the heap's arrays that depend on the batch size begin. */
  readonly #mark: number;
  #stepCount = 0;
  #network: TrainingNetwork | undefined;
  #capacity = 0;

  private constructor(network: Network, split: SplitNetwork, engine: TrainingEngine) {
    const { heap, pool } = engine;
    this.#split = split;
    this.#engine = engine;
    this.#shapes = network.weightShapes;
    const { [this.#denseName]: _, ...others } = network.weightShapes;
    this.#arrays = allocateTensors(heap, others);
    this.#gradients = allocateTensors(heap, others);
    this.#optimizer = new AdamOptimizer(pool, heap, this.#arrays, this.#gradients);
    this.#dense = new DenseWeights(heap, pool, split.front.dense);
    const { length } = this.#dense.matrix.data;
    this.#denseMoments = { mean: heap.floats(length), variance: heap.floats(length) };
    this.#mark = heap.mark();
  }

  /** @param library ONNX Runtime's own, see `findNativeLibrary` */
  static async create(
    runtime: OnnxRuntime,
    library: string,
    network: Network,
    split: SplitNetwork,
    weights: Weights,
  ): Promise<BlockTrainer> {
    return releaseOnFailure(await openCompute(library, runtime.threads), (compute) => {
      const tail = new TailTrainer(runtime, split.tail);
      const trainer = new BlockTrainer(network, split, { ...compute, tail });
      trainer.writeWeights(weights);
      return trainer;
    });
  }

  async computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }> {
    const { heap } = this.#engine;
    const network = this.#open(batch.size);
    const { loss, outputs } = await this.#forward(network, batch, labelSmoothing);
    const mark = heap.mark();
    const gradients = heap.floats(this.#dense.matrix.data.length);
    network.backward(this.#gradients, outputs, batch.size, { gradients });
    const all = this.#tensors(this.#gradients, this.#dense.read(gradients));
    heap.release(mark);
    return { loss, gradients: all };
  }

  /** @param factorsAt Adam's numbers for a step from 1 on */
  async step(
    batch: TrainingBatch,
    factorsAt: (step: number) => AdamFactors,
    labelSmoothing: number,
  ): Promise<number> {
    const factors = factorsAt(++this.#stepCount);
    const network = this.#open(batch.size);
    const { loss, outputs } = await this.#forward(network, batch, labelSmoothing);
    const moments = this.#denseMoments;
    network.backward(this.#gradients, outputs, batch.size, { factors, moments });
    this.#optimizer.step(factors);
    return loss;
  }

  readWeights(): Weights {
    return this.#tensors(this.#arrays, this.#dense.read());
  }

  reset(): void {
    this.#stepCount = 0;
    this.#optimizer.reset();
    this.#denseMoments.mean.data.fill(0);
    this.#denseMoments.variance.data.fill(0);
  }

  readOptimizer(): OptimizerState {
    if (this.#stepCount === 0) return { stepCount: 0, moments: {} };
    const moments: Record<string, Float32Array> = {};
    for (const [name, data] of Object.entries(this.#optimizer.moments()))
      moments[name] = data.slice();
    for (const [name, matrix] of Object.entries(this.#denseMoments))
      moments[`${this.#denseName}.${name}`] = this.#dense.read(matrix);
    return { stepCount: this.#stepCount, moments };
  }

  writeOptimizer({ stepCount, moments }: OptimizerState): void {
    this.reset();
    this.#stepCount = stepCount;
    for (const [name, data] of Object.entries(this.#optimizer.moments()))
      data.set(moments[name] ?? []);
    for (const [name, matrix] of Object.entries(this.#denseMoments)) {
      const saved = moments[`${this.#denseName}.${name}`];
      if (saved) this.#dense.write(saved, matrix);
    }
  }

  writeWeights(weights: Weights): void {
    writeTensors(this.#arrays, weights);
    this.#dense.write((weights[this.#denseName] as WeightTensor).data);
  }

  async release(): Promise<void> {
    const { release, tail } = this.#engine;
    await tail.release();
    await release();
  }

  get #denseName(): string {
    return `${this.#split.front.dense.name}.weight`;
  }

  /** The loss, and its gradients of the dense layer's values. */
  async #forward(network: TrainingNetwork, batch: TrainingBatch, labelSmoothing: number) {
    const values = network.forward(this.#arrays, batch.pixels, batch.size);
    const shapes = this.#split.tail.weightShapes;
    return this.#engine.tail.computeGradients(
      asTensors(this.#arrays, shapes),
      asTensors(this.#gradients, shapes),
      values,
      batch,
      labelSmoothing,
    );
  }

  /** Copies of arrays, and the dense layer's in its place. */
  #tensors(arrays: HeapWeights, dense: Float32Array): Weights {
    return Object.fromEntries(
      Object.entries(this.#shapes).map(([name, shape]) => {
        const data = name === this.#denseName ? dense : (arrays[name] as HeapArray).data.slice();
        return [name, { shape, data } satisfies WeightTensor];
      }),
    );
  }

  /** A network with room for a batch of `size`; a larger batch than any before moves it. */
  #open(size: number): TrainingNetwork {
    if (this.#network && size <= this.#capacity) return this.#network;
    const { heap, pool, products } = this.#engine;
    products.unbind();
    heap.release(this.#mark);
    this.#capacity = size;
    const engine = { heap, pool, products, slots: size, training: true };
    this.#network = new TrainingNetwork(engine, this.#split.front, this.#dense, size);
    return this.#network;
  }
}
