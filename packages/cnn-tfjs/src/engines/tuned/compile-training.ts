import {
  type AdamOptions,
  adamFactors,
  bytesPerImage,
  type CnnArchitecture,
  type DeferredLoss,
  type ModelSpec,
  type TrainingBatch,
} from '@dlcmp/contract';
import type { CompiledFunction, FunctionOutput, OpenEngine } from '@dlcmp/tensorflow/engine';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../network/operation';
import type { TensorFlow } from '../../tensorflow-modules';
import type { CompiledTraining } from '../runtime';
import { adamNumbers } from './adam-numbers';
import { compileStep } from './compile-step';

/**
 * Trains with the whole step as one function of TensorFlow's: forward and backward pass and Adam run without a word from
 * JavaScript, and weights and moments stay in TensorFlow's variables. Losses are read when somebody asks for one.
 */
export function compileTraining(
  tf: TensorFlow,
  engine: OpenEngine,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
): CompiledTraining {
  const tensors = Object.values<Tensor>(weights);
  const moments = tensors.flatMap((tensor) => [tf.zerosLike(tensor), tf.zerosLike(tensor)]);
  const variables = tensors.flatMap((weight, index) => [
    weight,
    ...moments.slice(2 * index, 2 * index + 2),
  ]);
  /** By the size of the batch. */
  const steps = new Map<number, CompiledFunction>();
  const losses = new PendingLosses(engine.readScalars);
  let count = 0;

  const open = (size: number): CompiledFunction => {
    const known = steps.get(size) ?? compileStep(tf, engine, spec, weights, size);
    steps.set(size, known);
    return known;
  };
  return {
    step(batch, adam) {
      count++;
      const arrays = batchArrays(batch, adam, count, spec);
      const compiled = open(batch.size);
      if (losses.pending >= compiled.slots) losses.settle();
      const [loss] = compiled.call(losses.pending, { arrays, variables });
      return losses.add(loss as FunctionOutput);
    },
    dispose() {
      losses.settle();
      for (const moment of moments) moment.dispose();
      for (const compiled of steps.values()) compiled.dispose();
    },
  };
}

/** Losses of steps that may still be running; all are read together. */
class PendingLosses {
  readonly #read: (outputs: readonly FunctionOutput[]) => Float32Array;
  #outputs: FunctionOutput[] = [];
  #resolve: ((losses: Float32Array) => void)[] = [];

  constructor(read: (outputs: readonly FunctionOutput[]) => Float32Array) {
    this.#read = read;
  }

  get pending(): number {
    return this.#outputs.length;
  }

  add(output: FunctionOutput): DeferredLoss {
    const index = this.#outputs.push(output) - 1;
    let loss: number | undefined;
    this.#resolve.push((losses) => {
      loss = losses[index];
    });
    return {
      read: async () => {
        if (loss === undefined) this.settle();
        return loss as number;
      },
    };
  }

  /** Waits for every step so far. */
  settle(): void {
    if (this.#outputs.length === 0) return;
    const [outputs, resolve] = [this.#outputs, this.#resolve];
    this.#outputs = [];
    this.#resolve = [];
    const losses = this.#read(outputs);
    for (const deliver of resolve) deliver(losses);
  }
}

/** A batch, and Adam's numbers at step `count`, in the order of the function's arrays. */
function batchArrays(
  { pixels, labels, masks: { dropout: dropoutKeep = new Uint8Array(0) }, size }: TrainingBatch,
  adam: Required<AdamOptions>,
  count: number,
  spec: ModelSpec & CnnArchitecture,
): (Uint8Array | Float32Array)[] {
  const classes = spec.classNames.length;
  const target = new Float32Array(size * classes);
  labels.forEach((label, index) => {
    target[index * classes + label] = 1;
  });
  const { rate, beta1, beta2, epsilon } = adamNumbers(adamFactors(count, adam.learningRate, adam));
  const numbers = Float32Array.of(rate, beta1, beta2, epsilon);
  return [pixels.subarray(0, size * bytesPerImage(spec)), dropoutKeep, target, numbers];
}
