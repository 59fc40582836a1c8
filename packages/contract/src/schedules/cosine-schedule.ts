import { assertArgument } from '../errors';
import { assertRate, cosineBetween, type LearningRateSchedule } from './learning-rate-schedule';

export interface CosineScheduleOptions {
  /** The highest rate. */
  readonly learningRate: number;
  /** Steps over which the rate rises evenly before. Default 0. */
  readonly warmupSteps?: number;
  /** What the rate falls to. Default 0. */
  readonly minimum?: number;
}

/**
 * Rises evenly for `warmupSteps` steps, from learningRate / (warmupSteps + 1), then falls along half a
 * cosine wave towards `minimum`, which the step after the last would have.
 *
 * Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts",
 * equation 5, without restarts; the warm-up of Goyal et al. 2017, "Accurate, large minibatch SGD".
 * The same as PyTorch's `SequentialLR` of `LinearLR` and `CosineAnnealingLR`.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function cosineSchedule(options: CosineScheduleOptions): LearningRateSchedule {
  const { learningRate, warmupSteps = 0, minimum = 0 } = options;
  assertRate('learningRate', learningRate);
  assertArgument(
    Number.isInteger(warmupSteps) && warmupSteps >= 0,
    `warmupSteps must be a whole number ≥ 0, not ${warmupSteps}.`,
  );
  assertArgument(
    minimum >= 0 && minimum <= learningRate,
    `minimum must be from 0 to learningRate ${learningRate}, not ${minimum}.`,
  );
  return (step, totalSteps) => {
    if (step < warmupSteps) return (learningRate * (step + 1)) / (warmupSteps + 1);
    const progress = (step - warmupSteps) / Math.max(totalSteps - warmupSteps, 1);
    return cosineBetween(learningRate, minimum, Math.min(progress, 1));
  };
}
