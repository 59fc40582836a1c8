import type { AdamOptions } from '@dlcmp/contract';
import type { Parameter } from './layer';

/** Moves parameters along their gradients. */
export interface Adam {
  step(options?: AdamOptions): void;
}

/**
 * Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1):
 *
 *     m ← β₁m + (1 - β₁)g        v ← β₂v + (1 - β₂)g²
 *     θ ← θ - α · m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + ε)
 */
export function createAdam(parameters: readonly Parameter[]): Adam {
  const moments = parameters.map(({ value }) => ({
    first: new Float64Array(value.length),
    second: new Float64Array(value.length),
  }));
  let steps = 0;

  return {
    step({ learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8 } = {}) {
      steps++;
      const firstCorrection = 1 - beta1 ** steps;
      const secondCorrection = 1 - beta2 ** steps;
      parameters.forEach(({ value, gradient }, index) => {
        const { first, second } = moments[index] as (typeof moments)[number];
        gradient.forEach((g, at) => {
          const m = beta1 * (first[at] as number) + (1 - beta1) * g;
          const v = beta2 * (second[at] as number) + (1 - beta2) * g * g;
          first[at] = m;
          second[at] = v;
          (value[at] as number) -=
            (learningRate * (m / firstCorrection)) / (Math.sqrt(v / secondCorrection) + epsilon);
        });
      });
    },
  };
}
