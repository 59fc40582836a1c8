import { type AdamOptions, adamFactors, resolveAdamOptions } from '@dlcmp/contract';
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
    step(options = {}) {
      steps++;
      const resolved = resolveAdamOptions(options);
      const factors = adamFactors(steps, resolved.learningRate, resolved);
      const { meanDecay, varianceDecay, stepSize, rootScale, epsilon } = factors;
      parameters.forEach(({ value, gradient }, index) => {
        const { first, second } = moments[index] as (typeof moments)[number];
        gradient.forEach((g, at) => {
          const m = meanDecay * (first[at] as number) + (1 - meanDecay) * g;
          const v = varianceDecay * (second[at] as number) + (1 - varianceDecay) * g * g;
          first[at] = m;
          second[at] = v;
          (value[at] as number) -= (stepSize * m) / (rootScale * Math.sqrt(v) + epsilon);
        });
      });
    },
  };
}
