import { gammaln } from 'simple-statistics';

/** Two models on the same test images. */
export interface McNemarTest {
  /** Images that only the left model got right. */
  readonly onlyLeftRight: number;
  /** Images that only the right model got right. */
  readonly onlyRightRight: number;
  /** Two-sided, exact. */
  readonly pValue: number;
}

/**
 * McNemar's exact test (McNemar, Psychometrika 12, 1947; Dietterich, Neural Computation 10, 1998):
 * were both models as good, an image that only one got right would be either's with probability ½.
 */
export function mcNemarTest(
  leftRight: readonly boolean[],
  rightRight: readonly boolean[],
): McNemarTest {
  let onlyLeftRight = 0;
  let onlyRightRight = 0;
  leftRight.forEach((isRight, image) => {
    if (isRight && !rightRight[image]) onlyLeftRight++;
    if (!isRight && rightRight[image]) onlyRightRight++;
  });
  return { onlyLeftRight, onlyRightRight, pValue: signTestPValue(onlyLeftRight, onlyRightRight) };
}

/** Twice the smaller tail of the binomial distribution with probability ½. */
export function signTestPValue(some: number, others: number): number {
  const trials = some + others;
  let tail = 0;
  for (let hits = 0; hits <= Math.min(some, others); hits++) {
    tail += Math.exp(logChoose(trials, hits) - trials * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}

function logChoose(total: number, chosen: number): number {
  return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen);
}

function logFactorial(value: number): number {
  return gammaln(value + 1);
}
