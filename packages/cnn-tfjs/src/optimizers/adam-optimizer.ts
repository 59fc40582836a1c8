import { type AdamOptions, adamFactors } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamState, TensorFlowRuntime } from '../engines/runtime';
import type { NamedTensors } from '../network/operation';

/**
 * Adam (Kingma and Ba 2015) as PyTorch computes it: epsilon is added to the bias-corrected root of the
 * second moment, whereas `tf.train.adam` adds it to the root as such. Used inside the runtime's `run`.
 */
export class AdamOptimizer {
  readonly #runtime: TensorFlowRuntime;
  readonly #states: ReadonlyMap<string, AdamState>;
  #steps = 0;

  /** Moments of zero for each of `weights`. */
  constructor(runtime: TensorFlowRuntime, weights: NamedTensors) {
    const moment = (weight: Tensor) => runtime.tf.keep(runtime.tf.zerosLike(weight));
    this.#runtime = runtime;
    this.#states = new Map(
      Object.entries(weights).map(([name, weight]) => [
        name,
        { weight, firstMoment: moment(weight), secondMoment: moment(weight) },
      ]),
    );
  }

  /** Updates every weight in place by its gradient. */
  step(gradients: NamedTensors, options: Required<AdamOptions>): void {
    this.#steps++;
    const step = adamFactors(this.#steps, options.learningRate, options);
    for (const [name, state] of this.#states) {
      this.#runtime.applyAdam(state, gradients[name] as Tensor, step);
    }
  }

  /** Frees the moments; the weights stay. */
  dispose(): void {
    for (const { firstMoment, secondMoment } of this.#states.values()) {
      firstMoment.dispose();
      secondMoment.dispose();
    }
  }
}
