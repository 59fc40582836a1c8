import { describe, expect, it } from '@jest/globals';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import { compareTimes } from '../../src/metrics/compare-times';
import type { TimeComparison } from '../../src/metrics/comparison';
import { pairUp } from '../../src/metrics/contender-pairs';
import { type SimulatedStudy, simulateEqualAccuracies, simulateStudy } from './simulate-study';

const STUDIES = 2000;

type Scenario = Omit<SimulatedStudy, 'study'>;

/** The times of every pair, for each of 2,000 studies. */
function simulate(scenario: Scenario): TimeComparison[][][] {
  return Array.from({ length: STUDIES }, (_, study) =>
    compareTimes(pairUp(simulateStudy({ study, ...scenario }))),
  );
}

/** Of the first pair. */
function trainingTime(pairs: readonly TimeComparison[][]): TimeComparison {
  return pairs[0]!.find(({ metric }) => metric === 'trainSeconds')!;
}

/** Share of `studies` of which `holds` is true. */
function share<T>(studies: readonly T[], holds: (study: T) => boolean): number {
  return studies.filter(holds).length / studies.length;
}

/** Share of studies that name a winner of any time of any pair. */
function shareWithWinner(scenario: Scenario): number {
  return share(simulate(scenario), (pairs) => pairs.flat().some(({ winner }) => winner !== null));
}

/** What was observed, for whoever wants more than that it is within the bounds. */
function report(what: string, value: number): void {
  process.stdout.write(`${what}: ${(value * 100).toFixed(2)} % of ${STUDIES} studies\n`);
}

function equals(count: number): number[] {
  return new Array<number>(count).fill(10);
}

type Disturbance = readonly [name: string, options: Partial<Scenario>, atMost: number];

const INDEPENDENT: Disturbance[] = [
  ['noise of 10 %', { noise: 0.1 }, 0.05],
  ['noise of 20 %', { noise: 0.2 }, 0.05],
  ['correlation 0.5 in each figure', { correlation: 0.5, memory: 'lasting-by-figure' }, 0.05],
  ['fading correlation 0.5', { correlation: 0.5, memory: 'fading' }, 0.05],
];

const HARDEST: Disturbance[] = [
  ['noise of 5 %', { noise: 0.05 }, 0.05],
  ['heavy tails', { heavyTails: true }, 0.05],
  ['one run in ten 2.75 times as long', { disturbance: 2.75 }, 0.05],
  ['correlation 0.5', { correlation: 0.5 }, 0.05],
  ['correlation 0.8', { correlation: 0.8 }, 0.1],
  ['correlation 0.8 in each figure', { correlation: 0.8, memory: 'lasting-by-figure' }, 0.1],
];

function expectFewWinners(name: string, scenario: Scenario, atMost: number): void {
  const { seeds, trainSeconds, forest } = scenario;
  const named = shareWithWinner(scenario);
  report(
    `${forest ? 'a forest, ' : ''}${trainSeconds.length} equal networks, ${seeds} seeds, ${name}`,
    named,
  );
  expect(named).toBeLessThanOrEqual(atMost);
}

describe('2,000 simulated studies', () => {
  for (const seeds of [3, 5]) {
    it.each([...INDEPENDENT, ...HARDEST])(
      `of a forest and two equal networks, ${seeds} seeds, %s: seldom name a winner`,
      (name, options, atMost) => {
        const scenario = { seeds, trainSeconds: equals(2), noise: 0.03, forest: true, ...options };
        expectFewWinners(name, scenario, atMost);
      },
    );
  }

  for (const networks of [4, 6]) {
    it.each(HARDEST)(
      `of a forest and ${networks} equal networks, 5 seeds, %s: seldom name a winner`,
      (name, options, atMost) => {
        const trainSeconds = equals(networks);
        const scenario = { seeds: 5, trainSeconds, noise: 0.03, forest: true, ...options };
        expectFewWinners(name, scenario, atMost);
      },
    );
  }

  it('of two divisions of two equal networks each seldom name a winner', () => {
    const divisions = ['as-published', 'as-published', 'with-kernels', 'with-kernels'] as const;
    const scenario = { seeds: 3, trainSeconds: equals(4), noise: 0.05, divisions };
    expectFewWinners('two divisions, noise of 5 %', scenario, 0.05);
  });

  it('of networks that differ seldom name one of the two that do not', () => {
    const trainSeconds = [10, 10, 20, 30, 40];
    const studies = simulate({ seeds: 5, trainSeconds, noise: 0.05 });
    const named = share(studies, ([equalPair]) => equalPair!.some(({ winner }) => winner !== null));
    report('two equal networks among three slower ones, noise of 5 %', named);
    expect(named).toBeLessThanOrEqual(0.05);
  });

  it('find who is 10 % faster in 80 % of studies of five seeds with noise of 3 %', () => {
    const scenario = { seeds: 5, trainSeconds: [10, 11], noise: 0.03, forest: true };
    const winners = simulate(scenario).map((pairs) => trainingTime(pairs).winner);
    const found = share(winners, (winner) => winner === 'left');
    report('10 % faster, noise of 3 %, 5 seeds: the faster one is found in', found);
    expect(found).toBeGreaterThanOrEqual(0.8);
    expect(winners).not.toContain('right');
  });

  it('find the faster one of a clear difference', () => {
    const studies = simulate({ seeds: 5, trainSeconds: [10, 14], noise: 0.05 });
    const winners = studies.map((pairs) => trainingTime(pairs).winner);
    expect(share(winners, (winner) => winner === 'left')).toBeGreaterThan(0.95);
    expect(winners).not.toContain('right');
  });

  it.each([2, 3, 5])('hold the true ratio in 93–97%% of 95%% intervals, with %i seeds', (seeds) => {
    const covering = share(simulate({ seeds, trainSeconds: [10, 12], noise: 0.05 }), (pairs) => {
      const { low, high } = trainingTime(pairs);
      return low! <= 10 / 12 && 10 / 12 <= high!;
    });
    report(`${seeds} seeds: the 95% interval holds the true ratio in`, covering);
    expect(covering).toBeGreaterThanOrEqual(0.93);
    expect(covering).toBeLessThanOrEqual(0.97);
  });

  it('of two seeds name nobody, however far apart', () => {
    const studies = simulate({ seeds: 2, trainSeconds: [10, 100], noise: 0.01 });
    expect(share(studies, (pairs) => pairs.flat().some(({ winner }) => winner !== null))).toBe(0);
  });

  it('of equal accuracies seldom name the more accurate one', () => {
    const studies = Array.from({ length: STUDIES }, (_, study) =>
      compareAdapters(simulateEqualAccuracies(study, 3, 2)),
    );
    const named = share(studies, (pairs) => pairs.some(({ accuracy }) => accuracy.winner !== null));
    report('3 seeds, equal accuracies', named);
    expect(named).toBeLessThanOrEqual(0.01);
  });
});
