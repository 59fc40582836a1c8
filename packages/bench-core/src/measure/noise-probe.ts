import { median } from 'simple-statistics';
import { type Clock, monotonicClock } from './clock';

const STEPS = 4_000_000;
const REPETITIONS = 3;

/**
 * Seconds that a fixed computation takes (the median of three): when it takes longer than at another
 * time, something else was running or the processor had slowed down.
 */
export function probeNoise(clock: Clock = monotonicClock): number {
  const times = Array.from({ length: REPETITIONS }, () => {
    const start = clock();
    const value = logisticMap(STEPS);
    const seconds = clock() - start;
    // A result that nobody looks at is a computation that a bundler or compiler leaves out.
    if (!(value > 0 && value < 1)) throw new RangeError(`The noise probe came to ${value}.`);
    return seconds;
  });
  return median(times);
}

/** A chain of dependent floating-point steps that no compiler can shorten. */
function logisticMap(steps: number): number {
  let value = 0.3;
  for (let step = 0; step < steps; step++) value = 3.9 * value * (1 - value);
  return value;
}
