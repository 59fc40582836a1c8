import { adamFactors } from './adam-factors';
import type { OptimizerSpec } from './optimizer-options';

/** Moves `weight` by one step, and its moments with it. */
export type Update = (weight: Floats, gradient: Floats, moments: readonly Floats[]) => void;

type Floats = Float32Array | Float64Array;

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

/** {@link adamFactors} on arrays, a pass over memory. */
function adamRule(spec: OptimizerSpec & { kind: 'adam' | 'adamW' }): UpdateRule {
  return {
    moments: ['mean', 'variance'],
    prepare: (step, learningRate, gradientScale) => {
      const factors = adamFactors(step, learningRate, spec);
      const { meanDecay, varianceDecay, stepSize, rootScale, epsilon } = factors;
      const { gradientDecay, shrink } = factors;
      return (weight, gradient, moments) => {
        const [mean, variance] = moments as [Floats, Floats];
        for (let i = 0; i < weight.length; i++) {
          const w = weight[i] as number;
          const g = gradientScale * (gradient[i] as number) + gradientDecay * w;
          const m = g + meanDecay * ((mean[i] as number) - g);
          const v = g * g + varianceDecay * ((variance[i] as number) - g * g);
          mean[i] = m;
          variance[i] = v;
          weight[i] = w * shrink - (stepSize * m) / (Math.sqrt(v) * rootScale + epsilon);
        }
      };
    },
  };
}
