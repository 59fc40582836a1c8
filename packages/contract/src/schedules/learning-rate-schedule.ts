import { assertArgument } from '../errors';

/**
 * The learning rate of each step: a pure function, so that a resumed run goes on as if unbroken.
 *
 * @param step from 0
 * @param totalSteps steps of the whole run
 */
export type LearningRateSchedule = (step: number, totalSteps: number) => number;

/**
 * The same rate at every step.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function constantSchedule(learningRate: number): LearningRateSchedule {
  assertRate('learningRate', learningRate);
  return () => learningRate;
}

/** Throws `INVALID_ARGUMENT` unless `rate` is a number above 0. */
export function assertRate(name: string, rate: number): void {
  assertArgument(
    Number.isFinite(rate) && rate > 0,
    `${name} must be a number above 0, not ${rate}.`,
  );
}

/** From `start` to `end` along half a cosine wave, as `progress` goes from 0 to 1. */
export function cosineBetween(start: number, end: number, progress: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * progress))) / 2;
}
