import type { AdamOptions, TrainingBatch, Weights, WeightTensor } from '@dlcmp/bench-core/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { dropoutMaskName } from '../layers/dropout';
import type { Network } from '../layers/sequential';
import { PIXELS } from '../model/pixel-input';
import { DROPOUT } from '../model/simple-cnn';
import { buildTrainingModel, gradientName, LABELS, LOSS } from '../model/training-model';
import { AdamOptimizer } from '../optimizers/adam-optimizer';
import type { OnnxRuntime } from '../runtime/onnx-runtime';

/** Computes gradients and updates weights; every large array is allocated once and reused. */
export class Trainer {
  /** The gradients of the last batch, overwritten by the next. */
  readonly gradients: Weights;
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  readonly #session: InferenceSession;
  readonly #optimizer: AdamOptimizer;
  readonly #loss = new Float32Array(1);
  readonly #weightFeeds: Record<string, Tensor>;
  readonly #fetches: Record<string, Tensor>;

  private constructor(
    runtime: OnnxRuntime,
    network: Network,
    session: InferenceSession,
    optimizer: AdamOptimizer,
    weights: Weights,
    gradients: Weights,
  ) {
    this.gradients = gradients;
    this.#runtime = runtime;
    this.#network = network;
    this.#session = session;
    this.#optimizer = optimizer;
    this.#weightFeeds = asTensors(runtime, weights, (name) => name);
    this.#fetches = {
      [LOSS]: runtime.tensor('float32', this.#loss, []),
      ...asTensors(runtime, gradients, gradientName),
    };
  }

  /** @param weights trained in place */
  static async create(runtime: OnnxRuntime, network: Network, weights: Weights): Promise<Trainer> {
    const gradients = mapTensors(weights, ({ length }) => new Float32Array(length));
    const session = await runtime.openSession(buildTrainingModel(network));
    const optimizer = await AdamOptimizer.create(runtime, weights, gradients);
    return new Trainer(runtime, network, session, optimizer, weights, gradients);
  }

  /** Forgets the optimiser's moments. */
  reset(): void {
    this.#optimizer.reset();
  }

  /** Fills {@link gradients} and returns the batch's mean cross-entropy. */
  async computeGradients(batch: TrainingBatch): Promise<number> {
    const { size, pixels, labels, dropoutKeep } = batch;
    const [, height, width] = this.#network.inputShape as [number, number, number];
    const { tensor } = this.#runtime;
    const feeds = {
      ...this.#weightFeeds,
      [PIXELS]: tensor('uint8', pixels, [size, height, width, 3]),
      [LABELS]: tensor('int32', labels, [size]),
      [dropoutMaskName(DROPOUT)]: tensor('uint8', dropoutKeep, [size, dropoutKeep.length / size]),
    };
    await this.#session.run(feeds, this.#fetches);
    return this.#loss[0] as number;
  }

  /** Updates the weights once and returns the loss before. */
  async step(batch: TrainingBatch, adam: Required<AdamOptions>): Promise<number> {
    const loss = await this.computeGradients(batch);
    await this.#optimizer.step(adam);
    return loss;
  }

  async release(): Promise<void> {
    await this.#session.release();
    await this.#optimizer.release();
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

function asTensors(
  runtime: OnnxRuntime,
  weights: Weights,
  rename: (name: string) => string,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      rename(name),
      runtime.tensor('float32', data, shape),
    ]),
  );
}
