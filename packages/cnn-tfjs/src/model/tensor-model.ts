import {
  bytesPerImage,
  type DeferredStep,
  type InferenceOutput,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
  type WeightTensor,
} from '@dlcmp/contract';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { CompiledNetwork, TensorFlowRuntime } from '../engines/runtime';
import { applyNetwork, inferLogits } from '../network/apply-network';
import { imageOrders, orderMasks } from '../network/image-order';
import type { NamedTensors } from '../network/operation';
import { planOperations } from '../network/operation-plan';
import { pixelInput } from '../network/pixel-input';
import { classTargets, softmaxCrossEntropy } from '../network/softmax-cross-entropy';
import {
  toPyTorchLayout,
  toTensorLayout,
  toWeights,
  type WeightLayout,
  weightLayouts,
} from '../network/weight-layout';
import { clipGradients } from '../optimizers/clip-gradients';
import { tensorRule } from '../optimizers/tensor-rule';
import { KeptTensors } from './kept-tensors';
import type { ModelParts } from './model-parts';
import { PendingSteps } from './pending-steps';
import { TensorOptimizer } from './tensor-optimizer';

/** Images computed at a time in inference: more are no faster and take more memory. */
const INFERENCE_BATCH = 32;
/** Batches that a backend which computes behind JavaScript may have before it. */
const MOST_BATCHES_BEHIND = 4;

interface LossAndGradients {
  /** A scalar. */
  readonly loss: Tensor;
  readonly gradients: NamedTensors;
  readonly state: NamedTensors;
}

/** A network in TensorFlow.js, op by op unless its runtime compiles steps. */
export class TensorModel implements TrainableModel {
  readonly #runtime: TensorFlowRuntime;
  readonly #parts: ModelParts;
  readonly #layouts: Readonly<Record<string, WeightLayout>>;
  readonly #pending: PendingSteps<Tensor>;
  readonly #compiled: CompiledNetwork | undefined;

  /** @param runtime closed by `release` */
  constructor(runtime: TensorFlowRuntime, network: Network) {
    const orders = imageOrders(network);
    const weights = new KeptTensors(runtime.tf);
    const optimizer = new TensorOptimizer(runtime, weights);
    const plan = planOperations(network, orders, runtime.blocks);
    this.#runtime = runtime;
    this.#parts = { network, plan, orders, weights, optimizer };
    this.#layouts = weightLayouts(network, orders);
    this.#pending = new PendingSteps((scalars) => this.#readTogether(scalars));
    this.#compiled = runtime.run(() => runtime.compile?.(this.#parts));
  }

  async readWeights(): Promise<Weights> {
    return toWeights(this.#layouts, await this.#read(this.#parts.weights.all));
  }

  async writeWeights(weights: Weights): Promise<void> {
    this.#compiled?.settle();
    this.#runtime.run(() => {
      for (const [name, layout] of Object.entries(this.#layouts)) {
        const { data } = weights[name] as WeightTensor;
        this.#parts.weights.set(name, this.#tensor(data, layout));
      }
    });
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult | DeferredStep> {
    if (this.#compiled) return this.#compiled.step(batch, update);
    const { defersLosses } = this.#runtime;
    return this.#compute(() => {
      const { tf } = this.#runtime;
      const { weights, optimizer } = this.#parts;
      const { loss, state, gradients: whole } = this.#differentiate(batch, update.labelSmoothing);
      const { gradients, norm } =
        update.gradientClipping === undefined
          ? { gradients: whole, norm: undefined }
          : clipGradients(tf, whole, update.gradientClipping);
      optimizer.step(gradients, update);
      for (const [name, tensor] of Object.entries(state)) weights.set(name, tensor);
      if (!defersLosses) return this.#readStep(loss, norm);
      return this.#pending.add({
        loss: tf.keep(loss),
        ...(norm && { gradientNorm: tf.keep(norm) }),
      });
    });
  }

  async computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }> {
    const [loss, arrays] = await this.#compute(() => {
      const { loss, gradients } = this.#differentiate(batch, labelSmoothing);
      return Promise.all([this.#readNumber(loss), this.#readHere(gradients)]);
    });
    return { loss, gradients: toWeights(this.#layouts, arrays) };
  }

  async infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    if (this.#compiled) return this.#compiled.infer(pixels, count, output);
    const { network } = this.#parts;
    const { tf } = this.#runtime;
    const finish = (logits: Tensor2D) => (output === 'logits' ? logits : tf.softmax(logits));
    const imageBytes = bytesPerImage(network);
    const result = new Float32Array(count * network.classCount);
    const reads: Promise<void>[] = [];
    for (let start = 0; start < count; start += INFERENCE_BATCH) {
      const size = Math.min(INFERENCE_BATCH, count - start);
      const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = this.#compute(() => this.#runtime.read(finish(this.#logits(batch, size))));
      reads.push(rows.then((values) => result.set(values, start * network.classCount)));
      if (reads.length === MOST_BATCHES_BEHIND) await reads.shift();
    }
    await Promise.all(reads);
    return result;
  }

  async resetOptimizer(): Promise<void> {
    this.#compiled?.settle();
    this.#runtime.run(() => this.#parts.optimizer.reset());
  }

  async readOptimizer(): Promise<OptimizerState> {
    const { stepCount, moments } = this.#parts.optimizer;
    const arrays = await this.#read(moments.all);
    const converted = Object.entries(arrays).map(([name, data]) => [
      name,
      toPyTorchLayout(data, this.#layoutOfMoment(name)),
    ]);
    return { stepCount, moments: Object.fromEntries(converted) };
  }

  async writeOptimizer(
    { stepCount, moments }: OptimizerState,
    optimizer: OptimizerSpec,
  ): Promise<void> {
    this.#compiled?.settle();
    const known = tensorRule(optimizer).moments;
    const state = this.#parts.optimizer;
    this.#runtime.run(() => {
      state.reset();
      state.stepCount = stepCount;
      for (const [name, data] of Object.entries(moments)) {
        if (!known.includes(name.slice(name.lastIndexOf('.') + 1))) continue;
        state.moments.set(name, this.#tensor(data, this.#layoutOfMoment(name)));
      }
    });
  }

  async release(): Promise<void> {
    this.#compiled?.settle();
    this.#runtime.run(() => {
      this.#pending.settle();
      this.#compiled?.dispose();
      this.#parts.optimizer.reset();
      this.#parts.weights.clear();
    });
    await this.#runtime.close();
  }

  #layoutOfMoment(name: string): WeightLayout {
    return this.#layouts[name.slice(0, name.lastIndexOf('.'))] as WeightLayout;
  }

  #tensor(data: Float32Array, layout: WeightLayout): Tensor {
    return this.#runtime.tf.tensor(toTensorLayout(data, layout), [...layout.tensorShape]);
  }

  /** Loss and gradients of a batch, dropout by its masks. */
  #differentiate(
    { pixels, labels, masks, size }: TrainingBatch,
    smoothing: number,
  ): LossAndGradients {
    const { tf } = this.#runtime;
    const { network, plan, orders, weights } = this.#parts;
    const images = pixelInput(tf, pixels, size, network);
    const ordered = orderMasks(network, orders, masks);
    const { logits, state, backward } = applyNetwork(plan, images, {
      tf,
      weights: weights.all,
      masks: ordered,
    });
    const { classCount } = network;
    const targets = tf.tensor2d(classTargets(labels, classCount, smoothing), [size, classCount]);
    const crossEntropy = softmaxCrossEntropy(tf, logits, targets);
    return { loss: crossEntropy.loss, state, gradients: backward(crossEntropy.backward()) };
  }

  #logits(pixels: Uint8Array, count: number): Tensor2D {
    const { tf } = this.#runtime;
    const { network, plan, weights } = this.#parts;
    return inferLogits(plan, pixelInput(tf, pixels, count, network), { tf, weights: weights.all });
  }

  async #readStep(loss: Tensor, norm: Tensor | undefined): Promise<StepResult> {
    const [value, gradientNorm] = await Promise.all(
      [loss, ...(norm ? [norm] : [])].map((scalar) => this.#readNumber(scalar)),
    );
    return { loss: value as number, ...(gradientNorm !== undefined && { gradientNorm }) };
  }

  async #readNumber(scalar: Tensor): Promise<number> {
    return (await this.#runtime.read(scalar))[0] as number;
  }

  /** Scalars of steps, which are freed. Called inside or outside of `run`. */
  #readTogether(scalars: readonly Tensor[]): Promise<Float32Array> {
    return this.#compute(() => {
      const values = this.#runtime.read(this.#runtime.tf.stack([...scalars]));
      for (const scalar of scalars) scalar.dispose();
      return values;
    });
  }

  #read(tensors: NamedTensors): Promise<Record<string, Float32Array>> {
    return this.#runtime.run(() => this.#readHere(tensors));
  }

  /** As they are now. Called inside of `run`. */
  async #readHere(tensors: NamedTensors): Promise<Record<string, Float32Array>> {
    const reads = Object.entries(tensors).map(
      async ([name, tensor]) => [name, await this.#runtime.read(tensor)] as const,
    );
    return Object.fromEntries(await Promise.all(reads));
  }

  /** Runs `work` on the backend and disposes every tensor that it makes and does not keep. */
  #compute<Result>(work: () => Result): Result {
    const engine = this.#runtime.tf.engine();
    return this.#runtime.run(() => {
      engine.startScope();
      try {
        return work();
      } finally {
        engine.endScope();
      }
    });
  }
}
