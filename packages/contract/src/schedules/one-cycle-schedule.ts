import { assertArgument } from '../errors';
import { assertRate, cosineBetween, type LearningRateSchedule } from './learning-rate-schedule';

export interface OneCycleScheduleOptions {
  /** The highest rate. */
  readonly learningRate: number;
  /** Share of the steps during which the rate rises, between 0 and 1. Default 0.3. */
  readonly riseFraction?: number;
  /** The first rate is `learningRate` over this. Default 25. */
  readonly initialDivisor?: number;
  /** The last rate is the first one over this. Default 1e4. */
  readonly finalDivisor?: number;
  /** Along half a cosine wave or evenly. Default `cosine`. */
  readonly annealing?: 'cosine' | 'linear';
}

/**
 * Rises from a low rate to the highest, and falls to one far lower; the last step has the last rate.
 * Momentum stays as it is.
 *
 * Source: Smith and Topin 2018, "Super-convergence"; as PyTorch's `OneCycleLR` with
 * `cycle_momentum=False`.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function oneCycleSchedule(options: OneCycleScheduleOptions): LearningRateSchedule {
  const { learningRate, riseFraction = 0.3, initialDivisor = 25, finalDivisor = 1e4 } = options;
  assertRate('learningRate', learningRate);
  assertRate('initialDivisor', initialDivisor);
  assertRate('finalDivisor', finalDivisor);
  assertArgument(
    riseFraction > 0 && riseFraction < 1,
    `riseFraction must be above 0 and below 1, not ${riseFraction}.`,
  );
  const initial = learningRate / initialDivisor;
  const between = options.annealing === 'linear' ? linearBetween : cosineBetween;
  return (step, totalSteps) => {
    const peak = Math.max(riseFraction * totalSteps - 1, 0);
    if (step < peak) return between(initial, learningRate, step / peak);
    const progress = (step - peak) / Math.max(totalSteps - 1 - peak, 1);
    return between(learningRate, initial / finalDivisor, Math.min(progress, 1));
  };
}

function linearBetween(start: number, end: number, progress: number): number {
  return start + (end - start) * progress;
}
