import { describe, expect, it } from '@jest/globals';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import { simulateStudy } from './simulate-study';

const STUDIES = 2000;

/** The comparison of training times of every pair, for each of 2,000 studies. */
function trainingTimes(trainSeconds: readonly number[], seeds: number) {
  return Array.from({ length: STUDIES }, (_, study) =>
    compareAdapters(simulateStudy({ study, seeds, trainSeconds, noise: 0.05 })).map(
      ({ times }) => times.find(({ metric }) => metric === 'trainSeconds')!,
    ),
  );
}

describe('2,000 simulated studies', () => {
  it.each([2, 3, 5])('hold the true ratio in 93–97% of 95%% intervals, with %i seeds', (seeds) => {
    const covered = trainingTimes([10, 12], seeds).filter(([comparison]) => {
      const { low, high } = comparison!;
      return low! <= 10 / 12 && 10 / 12 <= high!;
    });
    expect(covered.length / STUDIES).toBeGreaterThanOrEqual(0.93);
    expect(covered.length / STUDIES).toBeLessThanOrEqual(0.97);
  });

  it.each([
    [3, 0.05],
    [5, 0.05],
    // The true rate is 4.9%: three standard errors of 2,000 studies on top.
    [2, 0.05 + 3 * Math.sqrt((0.05 * 0.95) / STUDIES)],
  ])('with %i seeds, name any winner among three equals in at most %d', (seeds, atMost) => {
    const named = trainingTimes([10, 10, 10], seeds).filter((comparisons) =>
      comparisons.some(({ winner }) => winner !== null),
    );
    expect(named.length / STUDIES).toBeLessThanOrEqual(atMost);
    // A rule that never names anyone would pass too.
    expect(named.length).toBeGreaterThan(0);
  });

  it('find the faster one of a clear difference', () => {
    const studies = trainingTimes([10, 14], 5);
    const right = studies.filter(([comparison]) => comparison!.winner === 'left');
    const wrong = studies.filter(([comparison]) => comparison!.winner === 'right');
    expect(right.length / STUDIES).toBeGreaterThan(0.95);
    expect(wrong).toHaveLength(0);
  });
});
