import type { OptimizerSpec, Weights, WeightTensor } from '@dlcmp/contract';
import { type UpdateRule, updateRule } from '@dlcmp/contract';

/** Updates a set of weights from their gradients, both in place. */
export interface Optimizer {
  /** Steps since the beginning, counted for Adam's correction of its moments. */
  readonly stepCount: number;
  /**
   * Moves the weights against the gradients as they stand.
   *
   * @param learningRate of this step
   * @param gradientScale each gradient counts times this. Default 1
   */
  step(learningRate: number, gradientScale?: number): void | Promise<void>;
  /** Forgets all previous steps. */
  reset(): void;
  /** The moments by name: `WEIGHT.MOMENT`, such as `conv1.weight.mean`. Not copied. */
  state(): Readonly<Record<string, Float32Array>>;
  /** Goes on from a {@link state} after `stepCount` steps; copies it. */
  restore(state: Readonly<Record<string, Float32Array>>, stepCount: number): void;
}

interface Parameter {
  readonly name: string;
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  /** One array a moment of the rule. */
  readonly moments: readonly Float32Array[];
}

/**
 * The optimiser that `spec` describes.
 *
 * @param weights updated in place from `gradients`, tensor by tensor of the same name
 */
export function createOptimizer(
  spec: OptimizerSpec,
  weights: Weights,
  gradients: Weights,
): Optimizer {
  return new PlainOptimizer(updateRule(spec), weights, gradients);
}

class PlainOptimizer implements Optimizer {
  readonly #rule: UpdateRule;
  readonly #parameters: readonly Parameter[];
  #stepCount = 0;

  constructor(rule: UpdateRule, weights: Weights, gradients: Weights) {
    this.#rule = rule;
    this.#parameters = Object.entries(weights).map(([name, { data }]) => ({
      name,
      weight: data,
      gradient: (gradients[name] as WeightTensor).data,
      moments: rule.moments.map(() => new Float32Array(data.length)),
    }));
  }

  get stepCount(): number {
    return this.#stepCount;
  }

  step(learningRate: number, gradientScale = 1): void {
    this.#stepCount++;
    const update = this.#rule.prepare(this.#stepCount, learningRate, gradientScale);
    for (const { weight, gradient, moments } of this.#parameters) {
      update(weight, gradient, moments);
    }
  }

  reset(): void {
    this.#stepCount = 0;
    for (const { moments } of this.#parameters) for (const moment of moments) moment.fill(0);
  }

  state(): Record<string, Float32Array> {
    return Object.fromEntries(
      this.#parameters.flatMap(({ name, moments }) =>
        moments.map((moment, index) => [`${name}.${this.#rule.moments[index]}`, moment]),
      ),
    );
  }

  restore(state: Readonly<Record<string, Float32Array>>, stepCount: number): void {
    this.#stepCount = stepCount;
    for (const [name, moment] of Object.entries(this.state())) {
      moment.set(state[name] as Float32Array);
    }
  }
}
