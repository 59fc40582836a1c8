import type { OptimizerSpec } from '@dlcmp/contract';
import {
  clippingScale,
  elementCount,
  globalNorm,
  type Weights,
  type WeightTensor,
} from '@dlcmp/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Network } from '../layers/sequential';
import type { LossOptions } from '../layers/softmax-cross-entropy';
import { PIXELS } from '../model/pixel-input';
import {
  buildTrainingModel,
  gradientName,
  LABELS,
  LOSS,
  nextStateName,
} from '../model/training-model';
import { createOptimizer, type Optimizer } from '../optimizers/optimizer';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { graphTensors } from './graph-tensors';

/** One batch for any network. */
export interface NetworkBatch {
  /** [size × height × width × 3] */
  readonly pixels: Uint8Array;
  /** [size] */
  readonly labels: Int32Array;
  /** Of each dropout layer, by the name of its input: [size, ...shape], 1 = keep. */
  readonly masks: Readonly<Record<string, Uint8Array>>;
  readonly size: number;
}

/** How a network learns. */
export interface LearningOptions extends LossOptions {
  readonly optimizer: OptimizerSpec;
  /** Largest global norm of the gradients; beyond, they are scaled down. Default: no limit. */
  readonly gradientClipping?: number;
}

/** What a step found. Where one of its numbers is not finite, nothing was updated. */
export interface StepResult {
  /** Mean loss of the batch before the update. */
  readonly loss: number;
  /** Global norm of the gradients, where they are clipped. */
  readonly gradientNorm?: number;
}

/** Trains any network: gradients by one ONNX graph, updates by an optimiser, all arrays reused. */
export class GraphTrainer {
  /** The gradients of the last batch, overwritten by the next. */
  readonly gradients: Weights;
  readonly optimizer: Optimizer;
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  readonly #session: InferenceSession;
  readonly #gradientClipping: number | undefined;
  readonly #state: Weights;
  readonly #nextState: Weights;
  readonly #loss = new Float32Array(1);
  readonly #feeds: Record<string, Tensor>;
  readonly #fetches: Record<string, Tensor>;

  private constructor(
    runtime: OnnxRuntime,
    network: Network,
    session: InferenceSession,
    values: Weights,
    options: LearningOptions,
  ) {
    const weights = pick(values, network.weightShapes);
    this.#state = pick(values, network.stateShapes);
    this.#nextState = zeros(network.stateShapes);
    this.gradients = zeros(network.weightShapes);
    this.optimizer = createOptimizer(options.optimizer, weights, this.gradients);
    this.#gradientClipping = options.gradientClipping;
    this.#runtime = runtime;
    this.#network = network;
    this.#session = session;
    this.#feeds = graphTensors(runtime, { ...weights, ...this.#state });
    this.#fetches = {
      [LOSS]: runtime.tensor('float32', this.#loss, []),
      ...graphTensors(runtime, this.gradients, gradientName),
      ...graphTensors(runtime, this.#nextState, nextStateName),
    };
  }

  /** @param values weights and state, trained in place */
  static async create(
    runtime: OnnxRuntime,
    network: Network,
    values: Weights,
    options: LearningOptions,
  ): Promise<GraphTrainer> {
    const session = await runtime.openSession(buildTrainingModel(network, options));
    return new GraphTrainer(runtime, network, session, values, options);
  }

  /** Fills {@link gradients} and returns the batch's mean loss; weights and state stay. */
  async computeGradients({ pixels, labels, masks, size }: NetworkBatch): Promise<number> {
    const [, height, width] = this.#network.inputShape as [number, number, number];
    const { tensor } = this.#runtime;
    const feeds: Record<string, Tensor> = {
      ...this.#feeds,
      [PIXELS]: tensor('uint8', pixels, [size, height, width, 3]),
      [LABELS]: tensor('int32', labels, [size]),
    };
    for (const [name, { shape }] of Object.entries(this.#network.masks)) {
      feeds[name] = tensor('uint8', masks[name] as Uint8Array, [size, ...shape]);
    }
    await this.#session.run(feeds, this.#fetches);
    return this.#loss[0] as number;
  }

  /** Updates weights and state once, if loss and gradients are finite. */
  async step(batch: NetworkBatch, learningRate: number): Promise<StepResult> {
    const loss = await this.computeGradients(batch);
    const limit = this.#gradientClipping;
    const gradientNorm = limit === undefined ? undefined : globalNorm(this.gradients);
    const result = { loss, ...(gradientNorm !== undefined && { gradientNorm }) };
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm ?? 0)) return result;
    const scale =
      limit === undefined || gradientNorm === undefined ? 1 : clippingScale(gradientNorm, limit);
    await this.optimizer.step(learningRate, scale);
    for (const [name, { data }] of Object.entries(this.#nextState)) {
      this.#state[name]?.data.set(data);
    }
    return result;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

type Shapes = Readonly<Record<string, readonly number[]>>;

function pick(values: Weights, shapes: Shapes): Weights {
  return Object.fromEntries(
    Object.keys(shapes).map((name) => [name, values[name] as WeightTensor]),
  );
}

function zeros(shapes: Shapes): Weights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(elementCount(shape)) },
    ]),
  );
}
