import {
  elementCount,
  type InferenceOutput,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { graphTensors } from '../graph/graph-tensors';
import { BATCH_SIZE, gradientName, LABELS, LOSS, maskName, nextName } from '../graph/value-names';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import type { Tail } from './split-network';
import { buildTailInference, buildTailTraining, FEATURES, featureShape } from './tail-models';

/** Weights of a tail up to which one thread is faster than several, which have to be woken. */
const SMALL_TAIL = 2 ** 18;

/** Arrays that a tail's graphs read, and write in training. */
export interface TailArrays {
  readonly weights: Weights;
  /** Of the values that training keeps up to date without a gradient. */
  readonly state: Weights;
}

/**
 * The nodes behind a network's front as ONNX graphs on the caller's arrays: one for loss and gradients, one for answers. Where
 * the tail begins with images, ONNX Runtime lays the weights out anew for answers, as for `onnx:graph`.
 */
export class TailGraphs {
  readonly #runtime: OnnxRuntime;
  readonly #tail: Tail;
  readonly #arrays: TailArrays;
  readonly #loss = new Float32Array(1);
  #training: { readonly labelSmoothing: number; readonly session: InferenceSession } | undefined;
  #inference: InferenceSession | undefined;

  constructor(runtime: OnnxRuntime, tail: Tail, arrays: TailArrays) {
    this.#runtime = runtime;
    this.#tail = tail;
    this.#arrays = arrays;
  }

  /**
   * Fills `gradients` of the weights and `outputs`, those of `features`.
   *
   * @param features what the front puts out for the batch
   * @param options.keepsState whether the state is brought up to date
   * @returns the batch's mean cross-entropy
   */
  async computeGradients(
    batch: TrainingBatch,
    features: Float32Array,
    { gradients, outputs }: { gradients: Weights; outputs: Float32Array },
    { labelSmoothing, keepsState }: { labelSmoothing: number; keepsState: boolean },
  ): Promise<number> {
    const { tensor } = this.#runtime;
    const shape = [batch.size, ...featureShape(this.#tail.input)];
    const session = await this.#openTraining(labelSmoothing);
    await session.run(
      {
        ...this.#weightFeeds(),
        ...this.#batchFeeds(batch),
        [FEATURES]: tensor('float32', features, shape),
      },
      {
        ...graphTensors(this.#runtime, gradients, gradientName),
        ...(keepsState && graphTensors(this.#runtime, this.#arrays.state, nextName)),
        [LOSS]: tensor('float32', this.#loss, []),
        [gradientName(FEATURES)]: tensor('float32', outputs, shape),
      },
    );
    return this.#loss[0] as number;
  }

  /** Fills `answers`, [count × classes]. */
  async infer(
    features: Float32Array,
    count: number,
    output: InferenceOutput,
    answers: Float32Array,
  ): Promise<void> {
    const { tensor } = this.#runtime;
    const { input, classCount } = this.#tail;
    const session = await this.#openInference();
    await session.run(
      {
        ...(this.#keepsConstants() ? {} : this.#weightFeeds()),
        [FEATURES]: tensor('float32', features, [count, ...featureShape(input)]),
      },
      { [output]: tensor('float32', answers, [count, classCount]) },
    );
  }

  /** To be called when weights or state have changed. */
  async weightsChanged(): Promise<void> {
    if (this.#keepsConstants()) await this.#closeInference();
  }

  async release(): Promise<void> {
    await this.#closeTraining();
    await this.#closeInference();
  }

  #keepsConstants(): boolean {
    return !('units' in this.#tail.input);
  }

  #weightFeeds(): Record<string, Tensor> {
    const { weights, state } = this.#arrays;
    return graphTensors(this.#runtime, { ...weights, ...state });
  }

  #batchFeeds({ size, labels, masks }: TrainingBatch): Record<string, Tensor> {
    const { tensor } = this.#runtime;
    const feeds: Record<string, Tensor> = {
      [LABELS]: tensor('int32', labels, [size]),
      [BATCH_SIZE]: tensor('float32', Float32Array.of(size), []),
    };
    for (const [name, { shape }] of Object.entries(this.#tail.masks))
      feeds[maskName(name)] = tensor('uint8', masks[name] as Uint8Array, [size, ...shape]);
    return feeds;
  }

  async #openTraining(labelSmoothing: number): Promise<InferenceSession> {
    if (this.#training?.labelSmoothing === labelSmoothing) return this.#training.session;
    await this.#closeTraining();
    const session = await this.#openSession(buildTailTraining(this.#tail, labelSmoothing));
    this.#training = { labelSmoothing, session };
    return session;
  }

  async #openInference(): Promise<InferenceSession> {
    const { weights, state } = this.#arrays;
    const constants = this.#keepsConstants() ? { ...weights, ...state } : undefined;
    this.#inference ??= await this.#openSession(buildTailInference(this.#tail, constants));
    return this.#inference;
  }

  #openSession(model: Uint8Array): Promise<InferenceSession> {
    const { input, weightShapes } = this.#tail;
    const weights = Object.values(weightShapes).reduce(
      (sum, shape) => sum + elementCount(shape),
      0,
    );
    const isSmall = 'units' in input && weights <= SMALL_TAIL;
    return this.#runtime.openSession(model, isSmall ? 1 : this.#runtime.threads);
  }

  async #closeTraining(): Promise<void> {
    const open = this.#training;
    this.#training = undefined;
    await open?.session.release();
  }

  async #closeInference(): Promise<void> {
    const session = this.#inference;
    this.#inference = undefined;
    await session?.release();
  }
}
