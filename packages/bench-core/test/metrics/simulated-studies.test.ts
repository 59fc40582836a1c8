import { describe, expect, it } from '@jest/globals';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import type { AdapterComparison } from '../../src/metrics/comparison';
import { simulateEqualAccuracies, simulateStudy } from './simulate-study';

const STUDIES = 2000;
const SEED_COUNTS = [2, 3, 5];

/** The comparisons of every pair, for each of 2,000 studies. */
function simulate(trainSeconds: readonly number[], seeds: number): AdapterComparison[][] {
  return Array.from({ length: STUDIES }, (_, study) =>
    compareAdapters(simulateStudy({ study, seeds, trainSeconds, noise: 0.05 })),
  );
}

function trainingTime({ times }: AdapterComparison) {
  return times.find(({ metric }) => metric === 'trainSeconds')!;
}

/** Share of `studies` of which `holds` is true. */
function share<T>(studies: readonly T[], holds: (study: T) => boolean): number {
  return studies.filter(holds).length / studies.length;
}

function namesAnyone({ times, accuracy }: AdapterComparison): boolean {
  return [...times, accuracy].some(({ winner }) => winner !== null);
}

function percent(value: number): string {
  return `${(value * 100).toFixed(2)} % of ${STUDIES} studies`;
}

/** What was observed, for whoever wants more than that it is within the bounds. */
function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

describe('2,000 simulated studies', () => {
  it.each(SEED_COUNTS)(
    'hold the true ratio in 93–97%% of 95%% intervals, with %i seeds',
    (seeds) => {
      const covering = share(simulate([10, 12], seeds), ([comparison]) => {
        const { low, high } = trainingTime(comparison!);
        return low! <= 10 / 12 && 10 / 12 <= high!;
      });
      report(`${seeds} seeds: the 95% interval holds the true ratio in ${percent(covering)}`);
      expect(covering).toBeGreaterThanOrEqual(0.93);
      expect(covering).toBeLessThanOrEqual(0.97);
    },
  );

  it.each(SEED_COUNTS)(
    'with %i seeds of three equal adapters, name any winner of any figure in at most 5%%',
    (seeds) => {
      const studies = simulate([10, 10, 10], seeds);
      const named = share(studies, (comparisons) => comparisons.some(namesAnyone));
      report(`${seeds} seeds, three equal adapters: a winner is named in ${percent(named)}`);
      expect(named).toBeLessThanOrEqual(0.05);
      // A rule that never names anyone would pass too.
      expect(named).toBeGreaterThan(0);
    },
  );

  it('of equal accuracies name any winner in at most 5%', () => {
    const studies = Array.from({ length: STUDIES }, (_, study) =>
      compareAdapters(simulateEqualAccuracies(study, 3)),
    );
    const named = share(studies, ([comparison]) => namesAnyone(comparison!));
    report(`3 seeds, equal accuracies: a winner is named in ${percent(named)}`);
    expect(named).toBeLessThanOrEqual(0.05);
  });

  it('find the faster one of a clear difference', () => {
    const winners = simulate([10, 14], 5).map(([comparison]) => trainingTime(comparison!).winner);
    expect(share(winners, (winner) => winner === 'left')).toBeGreaterThan(0.95);
    expect(winners).not.toContain('right');
  });
});
