import { type AdamOptions, adamFactors, type TrainingBatch, type Weights } from '@dlcmp/contract';
import { KernelPool, SharedHeap } from '@dlcmp/kernels';
import type { InferenceSession } from 'onnxruntime-node';
import type { HeapWeights } from '../blocks/block-sizes';
import { dropoutMaskName } from '../layers/dropout';
import type { Network } from '../layers/sequential';
import { PIXELS } from '../model/pixel-input';
import { DROPOUT } from '../model/simple-cnn';
import { buildTrainingModel, gradientName, LABELS, LOSS } from '../model/training-model';
import { AdamOptimizer } from '../optimizers/adam-optimizer';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { releaseOnFailure } from '../runtime/open-compute';
import { viewMemory } from '../runtime/view-memory';
import { graphTensors } from './graph-tensors';
import { allocateTensors, asTensors, mapTensors, writeTensors } from './heap-tensors';
import type { Trainer } from './trainer';

/** Trains a network as one ONNX graph, with Adam on all threads. */
export class PlainTrainer implements Trainer {
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  readonly #pool: KernelPool;
  readonly #session: InferenceSession;
  readonly #arrays: HeapWeights;
  readonly #weights: Weights;
  readonly #gradients: Weights;
  readonly #optimizer: AdamOptimizer;
  readonly #loss = new Float32Array(1);
  #stepCount = 0;

  private constructor(
    runtime: OnnxRuntime,
    network: Network,
    session: InferenceSession,
    heap: SharedHeap,
    pool: KernelPool,
  ) {
    const shapes = network.weightShapes;
    const gradients = allocateTensors(heap, shapes);
    this.#runtime = runtime;
    this.#network = network;
    this.#session = session;
    this.#pool = pool;
    this.#arrays = allocateTensors(heap, shapes);
    this.#weights = asTensors(this.#arrays, shapes);
    this.#gradients = asTensors(gradients, shapes);
    this.#optimizer = new AdamOptimizer(pool, heap, this.#arrays, gradients);
  }

  static async create(
    runtime: OnnxRuntime,
    network: Network,
    weights: Weights,
  ): Promise<PlainTrainer> {
    const heap = new SharedHeap(viewMemory);
    const session = await runtime.openSession(buildTrainingModel(network));
    return releaseOnFailure(session, async () => {
      const pool = await KernelPool.create(heap.memory, runtime.threads);
      return releaseOnFailure({ release: () => pool.close() }, () => {
        const trainer = new PlainTrainer(runtime, network, session, heap, pool);
        trainer.writeWeights(weights);
        return trainer;
      });
    });
  }

  async computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }> {
    const loss = await this.#computeGradients(batch);
    return { loss, gradients: mapTensors(this.#gradients, (data) => data.slice()) };
  }

  async step(batch: TrainingBatch, adam: Required<AdamOptions>): Promise<number> {
    const loss = await this.#computeGradients(batch);
    this.#optimizer.step(adamFactors(++this.#stepCount, adam.learningRate, adam));
    return loss;
  }

  readWeights(): Weights {
    return mapTensors(this.#weights, (data) => data.slice());
  }

  reset(): void {
    this.#stepCount = 0;
    this.#optimizer.reset();
  }

  writeWeights(weights: Weights): void {
    writeTensors(this.#arrays, weights);
  }

  async release(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#session.release()]);
  }

  async #computeGradients({
    size,
    pixels,
    labels,
    masks: { dropout: dropoutKeep = new Uint8Array(0) },
  }: TrainingBatch): Promise<number> {
    const { tensor } = this.#runtime;
    const [, height, width] = this.#network.inputShape as [number, number, number];
    await this.#session.run(
      {
        ...graphTensors(this.#runtime, this.#weights),
        [PIXELS]: tensor('uint8', pixels, [size, height, width, 3]),
        [LABELS]: tensor('int32', labels, [size]),
        [dropoutMaskName(DROPOUT)]: tensor('uint8', dropoutKeep, [size, dropoutKeep.length / size]),
      },
      {
        ...graphTensors(this.#runtime, this.#gradients, gradientName),
        [LOSS]: tensor('float32', this.#loss, []),
      },
    );
    return this.#loss[0] as number;
  }
}
