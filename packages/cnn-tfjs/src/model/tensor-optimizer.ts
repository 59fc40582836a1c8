import { adamFactors, type OptimizerSpec, rateOf, type UpdateSettings } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlowRuntime } from '../engines/runtime';
import type { NamedTensors } from '../network/operation';
import { isPlainAdam } from '../optimizers/adam';
import { type TensorRule, tensorRule } from '../optimizers/tensor-rule';
import { KeptTensors } from './kept-tensors';

/** The optimiser of a model: its moments, and steps so far. */
export class TensorOptimizer {
  readonly #runtime: TensorFlowRuntime;
  readonly #weights: KeptTensors;
  /** By the weight's name and theirs, such as `conv1.weight.mean`. */
  readonly moments: KeptTensors;
  stepCount = 0;

  /** @param weights updated by every step */
  constructor(runtime: TensorFlowRuntime, weights: KeptTensors) {
    this.#runtime = runtime;
    this.#weights = weights;
    this.moments = new KeptTensors(runtime.tf);
  }

  /** Moves every weight that has a gradient. Called inside the runtime's `run`. */
  step(gradients: NamedTensors, update: UpdateSettings): void {
    const { optimizer } = update;
    const rule = this.begin(optimizer, Object.keys(gradients));
    const { tf, applyAdam } = this.#runtime;
    if (isPlainAdam(optimizer) && applyAdam) {
      for (const [name, gradient] of Object.entries(gradients)) {
        const factors = adamFactors(this.stepCount, rateOf(name, update), optimizer);
        const [firstMoment, secondMoment] = this.momentsOf(name, rule) as [Tensor, Tensor];
        applyAdam(
          { weight: this.#weights.get(name), firstMoment, secondMoment },
          gradient,
          factors,
        );
      }
      return;
    }
    for (const [name, gradient] of Object.entries(gradients)) {
      const scalars = rule.scalars(this.stepCount, rateOf(name, update));
      const current = { weight: this.#weights.get(name), moments: this.momentsOf(name, rule) };
      const updated = rule.update(tf, current, gradient, scalars);
      this.#weights.set(name, updated.weight);
      rule.moments.forEach((moment, index) => {
        this.moments.set(`${name}.${moment}`, updated.moments[index] as Tensor);
      });
    }
  }

  /** Counts a step, and makes the moments of the weights called `names` where they are not there yet. */
  begin(optimizer: OptimizerSpec, names: readonly string[]): TensorRule {
    this.stepCount++;
    const rule = tensorRule(optimizer);
    for (const name of names) {
      for (const suffix of rule.moments) this.#makeMoment(name, `${name}.${suffix}`);
    }
    return rule;
  }

  /** In the rule's order. */
  momentsOf(name: string, rule: TensorRule): Tensor[] {
    return rule.moments.map((moment) => this.moments.get(`${name}.${moment}`));
  }

  #makeMoment(weight: string, moment: string): void {
    if (this.moments.all[moment]) return;
    const { tf, run } = this.#runtime;
    run(() => this.moments.set(moment, tf.zerosLike(this.#weights.get(weight))));
  }

  /** Forgets all steps. Called inside the runtime's `run`. */
  reset(): void {
    this.moments.clear();
    this.stepCount = 0;
  }
}
