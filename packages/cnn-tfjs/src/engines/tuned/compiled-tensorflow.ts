import {
  adamFactors,
  bytesPerImage,
  type DeferredStep,
  featuresOf,
  type InferenceOutput,
  type TrainingBatch,
  type UpdateSettings,
} from '@dlcmp/contract';
import type { CompiledFunction, FunctionOutput, OpenEngine } from '@dlcmp/tensorflow/engine';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelParts } from '../../model/model-parts';
import { PendingSteps } from '../../model/pending-steps';
import { orderMasks } from '../../network/image-order';
import { classTargets } from '../../network/softmax-cross-entropy';
import { isPlainAdam } from '../../optimizers/adam';
import { rateGroups } from '../../optimizers/rate-groups';
import type { TensorRule } from '../../optimizers/tensor-rule';
import type { TensorFlow } from '../../tensorflow-modules';
import { adamNumbers } from '../native-runtime';
import type { CompiledNetwork } from '../runtime';
import { compileInference } from './compile-inference';
import { compileStep } from './compile-step';

/** Images that go through the network together. */
const LARGEST_BATCH = 256;

/**
 * Trains with the whole step as one function of TensorFlow's: forward and backward pass and the optimiser run without a word
 * from JavaScript, and weights, state and moments stay in TensorFlow's variables. Losses are read when somebody asks for one.
 */
export class CompiledTensorFlow implements CompiledNetwork {
  readonly #tf: TensorFlow;
  readonly #engine: OpenEngine;
  readonly #parts: ModelParts;
  /** By the size of the batch, and what else the function is made for. */
  readonly #steps = new Map<string, CompiledFunction>();
  readonly #batches = new Map<number, CompiledFunction>();
  readonly #pending: PendingSteps<FunctionOutput>;

  constructor(tf: TensorFlow, engine: OpenEngine, parts: ModelParts) {
    this.#tf = tf;
    this.#engine = engine;
    this.#parts = parts;
    this.#pending = new PendingSteps(async (scalars) => engine.readScalars(scalars));
  }

  step(batch: TrainingBatch, update: UpdateSettings): DeferredStep {
    const { optimizer, weights, network } = this.#parts;
    const names = Object.keys(network.weightShapes);
    const rule = optimizer.begin(update.optimizer, names);
    const compiled = this.#compiledStep(batch.size, update, rule);
    if (this.#pending.count >= compiled.slots) this.#pending.settle();
    const variables = [
      ...names.flatMap((name) => [weights.get(name), ...optimizer.momentsOf(name, rule)]),
      ...Object.keys(network.stateShapes).map((name) => weights.get(name)),
    ];
    const arrays = this.#arrays(batch, update, rule);
    const [loss, gradientNorm] = compiled.call(this.#pending.count, { arrays, variables });
    return this.#pending.add({
      loss: loss as FunctionOutput,
      ...(gradientNorm && { gradientNorm }),
    });
  }

  infer(pixels: Uint8Array, count: number, output: InferenceOutput): Float32Array {
    const { network, weights } = this.#parts;
    const imageBytes = bytesPerImage(network);
    const answers = new Float32Array(count * network.classCount);
    const tensors = Object.values<Tensor>(weights.all);
    for (let start = 0; start < count; start += LARGEST_BATCH) {
      const size = Math.min(LARGEST_BATCH, count - start);
      const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const arrays = [network.features ? featuresOf(batch) : batch];
      const outputs = this.#compiledBatch(size).call(0, { arrays, tensors });
      const [logits, probabilities] = outputs as [FunctionOutput, FunctionOutput];
      const [wanted, other] =
        output === 'logits' ? [logits, probabilities] : [probabilities, logits];
      other.dispose();
      answers.set(wanted.read(), start * network.classCount);
    }
    return answers;
  }

  settle(): void {
    this.#pending.settle();
  }

  dispose(): void {
    this.settle();
    for (const compiled of [...this.#steps.values(), ...this.#batches.values()]) compiled.dispose();
  }

  #compiledStep(size: number, update: UpdateSettings, rule: TensorRule): CompiledFunction {
    const { optimizer, gradientClipping, rateFactors } = update;
    const key = JSON.stringify([size, optimizer, gradientClipping, rateFactors]);
    const known =
      this.#steps.get(key) ??
      compileStep(this.#tf, this.#engine, this.#parts, {
        ...{ size, optimizer, gradientClipping, rule },
        groups: rateGroups(Object.keys(this.#parts.network.weightShapes), rateFactors),
      });
    this.#steps.set(key, known);
    return known;
  }

  #compiledBatch(size: number): CompiledFunction {
    const known =
      this.#batches.get(size) ?? compileInference(this.#tf, this.#engine, this.#parts, size);
    this.#batches.set(size, known);
    return known;
  }

  /** A batch, and the optimiser's numbers of its next step, in the order of the function's arrays. */
  #arrays(
    { pixels, labels, masks, size }: TrainingBatch,
    update: UpdateSettings,
    rule: TensorRule,
  ): (Uint8Array | Float32Array)[] {
    const { network, orders, optimizer } = this.#parts;
    const ordered = orderMasks(network, orders, masks);
    const { optimizer: spec, learningRate, labelSmoothing, rateFactors } = update;
    const groups = rateGroups(Object.keys(network.weightShapes), rateFactors);
    const numbersAt = (rate: number) =>
      isPlainAdam(spec)
        ? Object.values(adamNumbers(adamFactors(optimizer.stepCount, rate, spec)))
        : rule.scalars(optimizer.stepCount, rate);
    const numbers = groups.flatMap(({ factor }) => numbersAt(learningRate * factor));
    const images = pixels.subarray(0, size * bytesPerImage(network));
    return [
      network.features ? featuresOf(images) : images,
      classTargets(labels, network.classCount, labelSmoothing),
      Float32Array.from(numbers),
      ...Object.keys(network.masks).map((name) => ordered[name] as Uint8Array),
    ];
  }
}
