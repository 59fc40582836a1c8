import type { Check } from '../../results/checks';

const ATTEMPTS = 3;

/**
 * A check that times something, repeated up to twice where it fails: a machine that is taken away for a moment does not come
 * three times, and what is wrong with a contender does.
 *
 * @param attempt is given the number of the round, from 1, so that it can take other images each time
 */
export async function firstPassed(attempt: (round: number) => Promise<Check>): Promise<Check> {
  let check = await attempt(1);
  for (let round = 2; round <= ATTEMPTS && !check.passed; round++) check = await attempt(round);
  return check;
}
