import type { OptimizerSpec } from './optimizer-options';

/** Moves `weight` by one step, and its moments with it. */
export type Update = (
  weight: Float32Array,
  gradient: Float32Array,
  moments: readonly Float32Array[],
) => void;

/** What an optimiser remembers of each weight, and how it moves one. */
export interface UpdateRule {
  /** Names of what is remembered, zero at first. */
  readonly moments: readonly string[];
  /** The update of step number `step`, from 1. */
  prepare(step: number, learningRate: number, gradientScale: number): Update;
}

/** The rule that `spec` describes. */
export function updateRule(spec: OptimizerSpec): UpdateRule {
  return spec.kind === 'sgd' ? sgdRule(spec) : adamRule(spec);
}

/**
 *     g ← gradient + weightDecay · w
 *     momentum ← μ · momentum + g
 *     w ← w - α · momentum            (Nesterov: w - α · (g + μ · momentum))
 */
function sgdRule(spec: OptimizerSpec & { kind: 'sgd' }): UpdateRule {
  const { momentum: decay, nesterov, weightDecay } = spec;
  return {
    moments: decay > 0 ? ['momentum'] : [],
    prepare:
      (_step, learningRate, gradientScale) =>
      (weight, gradient, [momentum]) => {
        for (let i = 0; i < weight.length; i++) {
          const w = weight[i] as number;
          let direction = gradientScale * (gradient[i] as number) + weightDecay * w;
          if (momentum) {
            const velocity = decay * (momentum[i] as number) + direction;
            momentum[i] = velocity;
            direction = nesterov ? direction + decay * velocity : velocity;
          }
          weight[i] = w - learningRate * direction;
        }
      },
  };
}

/**
 *     g ← gradient + weightDecay · w                     (adam)
 *     w ← w · (1 - α · weightDecay)                      (adamW)
 *     mean ← β₁ · mean + (1 - β₁) · g
 *     variance ← β₂ · variance + (1 - β₂) · g²
 *     w ← w - α / (1 - β₁ᵗ) · mean / (√(variance / (1 - β₂ᵗ)) + ε)
 */
function adamRule(spec: OptimizerSpec & { kind: 'adam' | 'adamW' }): UpdateRule {
  const { kind, betas, epsilon, weightDecay } = spec;
  const [meanDecay, varianceDecay] = betas;
  return {
    moments: ['mean', 'variance'],
    prepare: (step, learningRate, gradientScale) => {
      const stepSize = learningRate / (1 - meanDecay ** step);
      const correction = 1 / Math.sqrt(1 - varianceDecay ** step);
      const gradientDecay = kind === 'adam' ? weightDecay : 0;
      const shrink = kind === 'adamW' ? 1 - learningRate * weightDecay : 1;
      return (weight, gradient, moments) => {
        const [mean, variance] = moments as [Float32Array, Float32Array];
        for (let i = 0; i < weight.length; i++) {
          const w = weight[i] as number;
          const g = gradientScale * (gradient[i] as number) + gradientDecay * w;
          const m = g + meanDecay * ((mean[i] as number) - g);
          const v = g * g + varianceDecay * ((variance[i] as number) - g * g);
          mean[i] = m;
          variance[i] = v;
          weight[i] = w * shrink - (stepSize * m) / (Math.sqrt(v) * correction + epsilon);
        }
      };
    },
  };
}
