import type { CnnArchitecture, DeferredLoss, ModelSpec } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../network/operation';
import { lossAndGradients } from '../../network/training-step';
import { AdamOptimizer } from '../../optimizers/adam-optimizer';
import type { CompiledTraining, TensorFlowRuntime } from '../runtime';

/**
 * Trains op by op on a device that computes behind JavaScript: a step is queued and not waited for, and its loss stays on the
 * device until somebody asks for one. Weights are always the tensors that were given.
 */
export function trainBehind(
  runtime: TensorFlowRuntime,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
): CompiledTraining {
  const { tf } = runtime;
  const optimizer = new AdamOptimizer(runtime, weights);
  const losses = new PendingLosses(runtime);
  return {
    step(batch, adam) {
      return runtime.run(() =>
        inScope(runtime, () => {
          const { loss, gradients } = lossAndGradients(tf, weights, batch, spec);
          optimizer.step(gradients, adam);
          return losses.add(tf.keep(loss));
        }),
      );
    },
    dispose() {
      losses.readAll();
      optimizer.dispose();
    },
  };
}

/** Disposes every tensor that `work` makes and does not keep. */
function inScope<Result>({ tf }: TensorFlowRuntime, work: () => Result): Result {
  tf.engine().startScope();
  try {
    return work();
  } finally {
    tf.engine().endScope();
  }
}

/** Losses on the device; all are read together. */
class PendingLosses {
  readonly #runtime: TensorFlowRuntime;
  #tensors: Tensor[] = [];
  #values: Promise<Float32Array> | undefined;
  /** Tells the promise of those that are pending now. */
  #resolve: ((values: Promise<Float32Array>) => void) | undefined;

  constructor(runtime: TensorFlowRuntime) {
    this.#runtime = runtime;
  }

  /** @param loss disposed once it is read */
  add(loss: Tensor): DeferredLoss {
    this.#values ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const values = this.#values;
    const index = this.#tensors.push(loss) - 1;
    return {
      read: async () => {
        if (values === this.#values) this.#runtime.run(() => this.readAll());
        return (await values)[index] as number;
      },
    };
  }

  /** Asks for every loss so far. Called inside `run`. */
  readAll(): void {
    if (this.#tensors.length === 0) return;
    const [tensors, resolve] = [this.#tensors, this.#resolve];
    this.#tensors = [];
    this.#values = undefined;
    const { tf } = this.#runtime;
    const together = inScope(this.#runtime, () => this.#runtime.read(tf.stack(tensors)));
    // Whoever has asked learns of a failure.
    together.catch(() => undefined);
    resolve?.(together);
    for (const tensor of tensors) tensor.dispose();
  }
}
