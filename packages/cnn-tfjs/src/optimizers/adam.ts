import type { AdamOptions } from '@dlcmp/bench-core/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamState, TensorFlowRuntime } from '../backends/backend';
import type { NamedTensors } from '../layers/layer';

/** Adam's moments for a set of weights. */
export interface AdamOptimizer {
  /** Updates every weight in place by its gradient. Called inside the runtime's `run`. */
  apply(gradients: NamedTensors, options: AdamOptions): void;
  /** Frees the moments, not the weights. */
  dispose(): void;
}

/**
 * Adam (Kingma and Ba 2015) as PyTorch computes it: epsilon is added to the bias-corrected root of the
 * second moment, whereas `tf.train.adam` adds it to the root as such.
 */
export function createAdam(runtime: TensorFlowRuntime, weights: NamedTensors): AdamOptimizer {
  const { tf } = runtime;
  const states = Object.entries(weights).map(([name, weight]): [string, AdamState] => [
    name,
    { weight, firstMoment: tf.zerosLike(weight), secondMoment: tf.zerosLike(weight) },
  ]);
  let steps = 0;
  return {
    apply(gradients, { learningRate = 1e-3, betas = [0.9, 0.999], epsilon = 1e-8 }) {
      steps++;
      const [beta1, beta2] = betas;
      const stepSize = learningRate / (1 - beta1 ** steps);
      const rootScale = 1 / Math.sqrt(1 - beta2 ** steps);
      for (const [name, state] of states) {
        const step = { beta1, beta2, stepSize, rootScale, epsilon };
        runtime.applyAdam(state, gradients[name] as Tensor, step);
      }
    },
    dispose() {
      tf.dispose(states.map(([, { firstMoment, secondMoment }]) => [firstMoment, secondMoment]));
    },
  };
}
