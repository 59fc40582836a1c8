import type { BenchConfiguration } from '../results/bench-results';

/** How far honest contenders come apart by rounding alone: what `tooling/measure-rounding.mjs` saw, with a margin. */
export interface AgreementLimits {
  /** Of the mean loss of the first `steps` steps, relative. */
  meanLoss(steps: number): number;
  /** Of the weights after `steps` steps, as a share of the way they went. */
  distance(steps: number): number;
}

/** Steps that `first-losses` looks at: before them rounding has not grown enough to hide a fault. */
export const FIRST_STEPS = 8;

/**
 * Difference of the weights' ways as a share of the weights' distance. Rounding takes weights sideways: up to 0.01 was seen.
 * A decaying rate has 0.35, β₂ of 0.99 has 0.08.
 */
export const WAY_LIMIT = 0.05;

/**
 * Difference of the weights' shrinkage in standard errors of a random direction. Up to 2.5 was seen; AdamW's default decay has
 * 10 after ten steps.
 */
export const SHRINKAGE_LIMIT = 6;

/**
 * Below it, distances are those of float32 numbers and of the constants that an optimiser rounds: ways of honest contenders,
 * PyTorch 1.13 among them, differed by 7e-6.
 */
export const LEAST_DISTANCE = 5e-4;

/**
 * Adam divides each gradient by its own size, so that of a gradient near 0 the sign alone counts, and that is up to rounding:
 * losses come apart by a factor of 2 to 10 a step until they are a few thousandths apart, the more slowly then. Batch norm
 * divides by what a batch has, which may be next to nothing, and is quicker; TF32 rounds to three digits to begin with.
 */
export function agreementLimits({ network, tf32 }: BenchConfiguration): AgreementLimits {
  const quick = tf32 || network.nodes.some(({ type }) => type === 'batchNorm');
  const first = tf32 ? 0.02 : quick ? 1e-4 : 1e-5;
  const perStep = quick ? 0.02 : 5e-4;
  const most = quick ? 0.2 : 0.03;
  return {
    meanLoss: (steps) => Math.min(most, first + perStep * (steps - 1)),
    distance: (steps) => (quick ? 1.3 : Math.min(1.3, 0.1 + 0.02 * steps)),
  };
}
