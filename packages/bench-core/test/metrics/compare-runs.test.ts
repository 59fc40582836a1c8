import { expect, test } from '@jest/globals';
import { compareRuns } from '../../src/metrics/compare-runs';
import type { CompletedTrial, TrialResult } from '../../src/results/bench-results';
import { changedFacts } from '../../src/results/changed-facts';
import { completedTrial as example, exampleResults } from '../results/example-results';

/** Of ten test images. */
const LABELS = Array.from({ length: 10 }, (_, i) => i % 2);

interface TrialFigures {
  readonly seed?: number;
  readonly hitsOfTen?: number;
  readonly trainSeconds?: number;
}

function completedTrial({
  seed = 1,
  hitsOfTen = 8,
  trainSeconds = 41.5,
}: TrialFigures = {}): CompletedTrial {
  const predictedLabels = LABELS.map((label, i) => (i < hitsOfTen ? label : 1 - label));
  return { ...example, seed, trainSeconds, accuracy: hitsOfTen / 10, predictedLabels };
}

const FAILED: TrialResult = {
  adapter: 'cnn-fake',
  displayName: 'Fake (CNN)',
  backend: 'cpu',
  seed: 1,
  totalSeconds: 2,
  status: 'failed',
  error: { code: 'CRASHED', message: 'Gone.', exitCode: 1, signal: null, stderrTail: '' },
};

function sampleResults(trials: readonly TrialResult[]): typeof exampleResults {
  const testImages = LABELS.map((label, i) => ({ relativePath: `test/${i}.png`, label }));
  return { ...exampleResults, dataset: { ...exampleResults.dataset, testImages }, trials };
}

const seeds = (of: (seed: number) => TrialFigures) =>
  sampleResults([1, 2, 3].map((seed) => completedTrial({ seed, ...of(seed) })));

const EARLIER = seeds((seed) => ({ trainSeconds: 40 + seed }));

function verdicts(later: ReturnType<typeof sampleResults>, limits = {}) {
  const { differences } = compareRuns(EARLIER, later, limits);
  return Object.fromEntries(differences.map(({ figure, verdict }) => [figure, verdict]));
}

test('the same run again is fine', () => {
  expect(verdicts(EARLIER)).toEqual({
    trainSeconds: 'fine',
    inferenceSeconds: 'fine',
    accuracyPercent: 'fine',
  });
});

test('half as slow again on every seed is a regression; a wider limit lets it pass', () => {
  const slower = seeds((seed) => ({ trainSeconds: 1.5 * (40 + seed) }));
  expect(verdicts(slower).trainSeconds).toBe('regression');
  expect(verdicts(slower, { maxSlowdown: 1.6 }).trainSeconds).toBe('fine');
  const [first] = compareRuns(EARLIER, slower).differences;
  expect(first?.change).toBeCloseTo(1.5, 10);
});

test('slower on average but not beyond chance is undecided', () => {
  const scattered = seeds((seed) => ({ trainSeconds: seed === 2 ? 110 : 40 + seed }));
  expect(verdicts(scattered).trainSeconds).toBe('undecided');
});

test('pairs by seed: seeds in another order are the same run', () => {
  const turned = { ...EARLIER, trials: [...EARLIER.trials].reverse() };
  expect(compareRuns(EARLIER, turned).differences[0]).toMatchObject({ change: 1, seeds: 3 });
});

test('a lower accuracy on every seed is a regression', () => {
  const worse = seeds((seed) => ({ trainSeconds: 40 + seed, hitsOfTen: 6 }));
  expect(verdicts(worse).accuracyPercent).toBe('regression');
  expect(verdicts(worse, { maxAccuracyDrop: 25 }).accuracyPercent).toBe('fine');
});

test('with one seed a time is never a regression; accuracy is by McNemar’s test', () => {
  const one = sampleResults([completedTrial({ hitsOfTen: 10 })]);
  const slower = sampleResults([completedTrial({ hitsOfTen: 0, trainSeconds: 90 })]);
  const { differences } = compareRuns(one, slower);
  expect(differences.map(({ verdict, interval }) => [verdict, interval])).toEqual([
    ['undecided', null],
    ['fine', null],
    ['regression', null],
  ]);
});

test('names who no longer completes and who has no common seed', () => {
  const failed = sampleResults([FAILED]);
  expect(compareRuns(EARLIER, failed).lost).toEqual(['Fake (CNN) on cpu']);
  const others = sampleResults([completedTrial({ seed: 9 })]);
  expect(compareRuns(EARLIER, others).unpaired).toEqual(['Fake (CNN) on cpu']);
});

test('compares runs without a common seed by Welch’s interval', () => {
  const other = (slower: number) =>
    sampleResults(
      [7, 8, 9].map((seed) => completedTrial({ seed, trainSeconds: slower * (34 + seed) })),
    );
  expect(verdicts(other(1.5)).trainSeconds).toBe('regression');
  expect(verdicts(other(1)).trainSeconds).toBe('fine');
  const [first] = compareRuns(EARLIER, other(1.5)).differences;
  expect(first).toMatchObject({ paired: false, seeds: 3 });
  expect(first!.change).toBeCloseTo(1.5, 10);
});

test('without a common seed, one trial is no regression of accuracy by its images', () => {
  const one = sampleResults([completedTrial({ hitsOfTen: 10 })]);
  const worse = sampleResults([completedTrial({ seed: 9, hitsOfTen: 0 })]);
  const accuracy = compareRuns(one, worse).differences[2];
  expect(accuracy).toMatchObject({ verdict: 'undecided', interval: null, paired: false });
});

test('says what else changed, and nothing where nothing did', () => {
  const machine = { ...EARLIER.machine, cpuModel: 'Another' };
  expect(changedFacts(EARLIER, EARLIER)).toEqual([]);
  expect(changedFacts(EARLIER, { ...EARLIER, machine })).toEqual([
    { name: 'cpuModel', before: 'Example CPU', after: 'Another' },
  ]);
});

test('runs of different machines decide nothing', () => {
  const on = (name: string | undefined, results: typeof EARLIER) => ({
    ...results,
    machine: { ...results.machine, name },
  });
  const slower = seeds((seed) => ({ trainSeconds: 1.5 * (40 + seed) }));
  const compared = (before: string | undefined, after: string | undefined) => {
    const { sameMachines, differences } = compareRuns(on(before, EARLIER), on(after, slower));
    return [sameMachines, differences[0]?.verdict];
  };
  expect(compared('a', 'a')).toEqual([true, 'regression']);
  expect(compared('a', 'b')).toEqual([false, 'undecided']);
  // An older dlcmp wrote no names.
  expect(compared(undefined, 'b')).toEqual([true, 'regression']);
});
