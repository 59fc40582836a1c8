import { DlcmpError, type Weights } from '@dlcmp/contract';
import type { TrajectoryOutcome } from './trajectory';

/** Largest relative error of each quantity between two training trajectories. */
export interface ParityErrors {
  readonly logits: number;
  readonly losses: number;
  readonly gradients: number;
  readonly finalWeights: number;
}

/** What float32 is expected to keep to over a few steps. */
export const PARITY_TOLERANCE: ParityErrors = {
  logits: 1e-4,
  losses: 1e-4,
  gradients: 1e-3,
  finalWeights: 1e-3,
};

/**
 * How far `actual` is from `reference`. Each error is the largest absolute difference over the root
 * mean square of the reference's values, per step or per tensor; it bounds the relative error in
 * norm from above, and a single wrong value shows.
 */
export function compareOutcomes(
  actual: TrajectoryOutcome,
  reference: TrajectoryOutcome,
): ParityErrors {
  return {
    logits: largest(
      reference.logits.map((values, step) => relativeError(actual.logits[step], values)),
    ),
    losses: largest(
      reference.losses.map((loss, step) =>
        relativeError([actual.losses[step] ?? Number.NaN], [loss]),
      ),
    ),
    gradients: weightsError(actual.gradients, reference.gradients),
    finalWeights: weightsError(actual.finalWeights, reference.finalWeights),
  };
}

/** Whether every error is within its tolerance; NaN is not. */
export function isWithinTolerance(errors: ParityErrors, tolerance: ParityErrors): boolean {
  const quantities = Object.keys(tolerance) as (keyof ParityErrors)[];
  return quantities.every((quantity) => errors[quantity] <= tolerance[quantity]);
}

function weightsError(actual: Weights, reference: Weights): number {
  return largest(
    Object.entries(reference).map(([name, { data }]) => relativeError(actual[name]?.data, data)),
  );
}

function relativeError(
  actual: ArrayLike<number> | undefined,
  reference: ArrayLike<number>,
): number {
  if (actual?.length !== reference.length) {
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `Two trajectories differ in shape: ${actual?.length ?? 'no'} values against ${reference.length}. Compare runs of the same network.`,
    );
  }
  let largestDifference = 0;
  let squares = 0;
  for (let i = 0; i < reference.length; i++) {
    const difference = Math.abs((actual[i] as number) - (reference[i] as number));
    if (Number.isNaN(difference)) return Number.NaN;
    largestDifference = Math.max(largestDifference, difference);
    squares += (reference[i] as number) ** 2;
  }
  if (largestDifference === 0) return 0;
  return largestDifference / Math.sqrt(squares / reference.length);
}

/** `Math.max` that lets NaN through and takes any number of values. */
function largest(values: readonly number[]): number {
  return values.reduce((top, value) => Math.max(top, value), 0);
}
