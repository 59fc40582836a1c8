import { describe, expect, it } from '@jest/globals';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import { exampleResults } from '../results/example-results';
import { trial } from './simulate-study';

const A = 0;
const B = 1;

function results(trials: readonly CompletedTrial[], changes: Partial<BenchResults> = {}) {
  return { ...exampleResults, ...changes, trials };
}

function trainingTime(of: BenchResults) {
  return compareAdapters(of)[0]!.times.find(({ metric }) => metric === 'trainSeconds')!;
}

/** Trials of A and B with these training times, seed by seed. */
function times(...pairs: readonly (readonly [number, number])[]): CompletedTrial[] {
  return pairs.flatMap(([a, b], index) => [trial(A, index + 1, a), trial(B, index + 1, b)]);
}

describe('compareAdapters', () => {
  it('takes the geometric mean of ratios paired by seed', () => {
    const { ratio, low, high } = trainingTime(results(times([10, 20], [10, 5], [10, 10])));
    expect(ratio).toBeCloseTo(1, 12);
    // ±4.302653 · ln 2 / √3
    expect(Math.log(high!)).toBeCloseTo(1.721873, 5);
    expect(Math.log(low!)).toBeCloseTo(-1.721873, 5);
  });

  it('says how many times as fast the winner is, and how sure that is', () => {
    const comparison = trainingTime(results(times([10, 20], [11, 22.1], [9, 18], [10, 19.9])));
    expect(comparison).toMatchObject({ winner: 'left', undecidedBecause: null });
    expect(comparison.sentence).toBe(
      'A on cpu trains 2.00 times as fast as B on cpu (95% interval 1.99–2.01, 4 seeds).',
    );
  });

  it('turns the sentence round where the right one wins', () => {
    const comparison = trainingTime(results(times([20, 10], [22, 11.1], [18, 9], [20, 10])));
    expect(comparison.winner).toBe('right');
    expect(comparison.sentence).toContain('B on cpu trains 2.00 times as fast as A on cpu');
  });

  it('names no winner of a single seed', () => {
    const comparison = trainingTime(results(times([10, 20])));
    expect(comparison).toMatchObject({
      ratio: 0.5,
      low: null,
      winner: null,
      undecidedBecause: 'too-few-runs',
    });
    expect(comparison.sentence).toContain('undecided');
  });

  it('names no winner of two seeds, however sure they seem', () => {
    const comparison = trainingTime(results(times([10, 20], [10, 20.1])));
    expect(comparison.high).toBeLessThan(1);
    expect(comparison).toMatchObject({ winner: null, undecidedBecause: 'too-few-runs' });
  });

  it('names no winner by less than may stay with a contender through all its runs', () => {
    const close = times([10, 10.4], [10, 10.41], [10, 10.39], [10, 10.4], [10, 10.41]);
    const comparison = trainingTime(results(close));
    expect(comparison.high).toBeLessThan(1);
    expect(comparison).toMatchObject({ winner: null, undecidedBecause: 'within-bias' });
    const apart = times([10, 10.9], [10, 10.91], [10, 10.89], [10, 10.9], [10, 10.91]);
    expect(trainingTime(results(apart)).winner).toBe('left');
  });

  it('of runs that scatter much asks for more', () => {
    const seeds = [0.85, 0.95, 1, 1.05, 1.15];
    const comparison = trainingTime(results(times(...seeds.map((by) => [10, 12.5 * by] as const))));
    expect(comparison.correctedPValue).toBeLessThan(0.04);
    expect(comparison.undecidedBecause).toBe('within-bias');
  });

  it('counts several processes of a seed as runs, and its accuracy once', () => {
    const trials = [1, 2, 3].flatMap((repeat) =>
      times([10 + repeat / 10, 20]).map((each) => ({ ...each, repeat })),
    );
    const [comparison] = compareAdapters(results(trials));
    expect(comparison).toMatchObject({ seeds: [1], runs: 3 });
    expect(comparison!.times[0]).toMatchObject({ winner: 'left' });
    expect(comparison!.times[0]!.sentence).toContain('3 runs of 1 seed');
    expect(comparison!.accuracy.undecidedBecause).toBe('too-few-runs');
  });

  it('leaves out a run during which the machine was taken away', () => {
    const conditions = (afterSeconds: number) => ({
      ...{ peakRssBytes: 1, steadyRssBytes: 1, swapBytes: 0, throttledSeconds: 0 },
      gpuUtilization: null,
      noiseProbe: { beforeSeconds: 0.05, afterSeconds },
    });
    const trials = times([10, 20], [10, 20.1], [10, 20], [10, 90]).map((each) => {
      const isHit = each.seed === 4 && each.adapter === 'B';
      return { ...each, conditions: conditions(isHit ? 0.1 : 0.05) };
    });
    const [comparison] = compareAdapters(results(trials));
    expect(comparison).toMatchObject({ seeds: [1, 2, 3], runs: 3 });
    expect(comparison!.times[0]!.ratio).toBeCloseTo(0.5, 2);
  });

  it('ranks no time of a forest against a network', () => {
    const trials = times([1, 50], [1, 50.1], [1, 49.9]).map((each) =>
      each.adapter === 'A' ? { ...each, family: 'forest' as const } : each,
    );
    const comparison = trainingTime(results(trials));
    expect(comparison).toMatchObject({ winner: null, undecidedBecause: 'different-kinds' });
    expect(comparison.sentence).toMatch(/not ranked \(ratio 0\.02, 95% interval/);
  });

  it('asks for total time only where training time has a winner', () => {
    const equal = times([10, 10], [10, 10], [10, 10]).map((each) => ({
      ...each,
      totalSeconds: each.adapter === 'A' ? 20 + each.seed / 100 : 30,
    }));
    const total = compareAdapters(results(equal))[0]!.times.find(
      ({ metric }) => metric === 'totalSeconds',
    );
    expect(total!.undecidedBecause).toBe('first-figure-undecided');
    expect(total!.sentence).toContain('training time has no winner');
  });

  it('corrects each division on its own', () => {
    const pair = times([10, 12.6], [10, 13], [10, 13.5]);
    const names = ['C', 'D', 'E', 'F'];
    const others = names.flatMap((name, index) =>
      [1, 2, 3].map((seed) => ({
        ...trial(A, seed, 30 + ((seed * (index + 3)) % 7)),
        ...{ adapter: name, displayName: name, division: 'with-kernels' as const },
      })),
    );
    const alone = trainingTime(results(pair)).correctedPValue;
    expect(trainingTime(results([...pair, ...others])).correctedPValue).toBe(alone);
  });

  it('names no winner where the interval holds 1', () => {
    const comparison = trainingTime(results(times([10, 11], [10, 9.5], [10, 12])));
    expect(comparison.low).toBeLessThan(1);
    expect(comparison.high).toBeGreaterThan(1);
    expect(comparison.undecidedBecause).toBe('within-noise');
    expect(comparison.sentence).not.toContain('as fast as');
  });

  it('corrects for the number of pairs and figures', () => {
    const clear = times([10, 12.9], [10, 13], [10, 13.2]);
    expect(trainingTime(results(clear)).winner).toBe('left');
    const noisy = times([10, 10.5], [10, 10.6], [10, 10.9]);
    const comparison = trainingTime(results(noisy));
    expect(comparison.high).toBeLessThan(1);
    expect(comparison.undecidedBecause).toBe('many-comparisons');
  });

  it('ranks nothing where the parity gate failed', () => {
    const parityGate = { ...exampleResults.parityGate, status: 'failed' as const };
    const comparison = trainingTime(results(times([10, 20], [10, 20.1], [10, 20]), { parityGate }));
    expect(comparison.undecidedBecause).toBe('not-comparable');
  });

  it('pairs only the seeds that both completed', () => {
    const trials = times([10, 20], [10, 20], [10, 20]).slice(0, -1);
    expect(compareAdapters(results(trials))[0]!.seeds).toEqual([1, 2]);
  });

  it('leaves out a contender that completed nothing with another', () => {
    expect(compareAdapters(results([trial(A, 1, 10), trial(B, 2, 10)]))).toEqual([]);
  });

  it('compares only what a matrix ran with the same settings', () => {
    const at = (imageSize: number) => ({ imageSize, batchSize: 32, learningRate: 0.001 });
    const trials = [32, 64].flatMap((size) =>
      times([10, 20]).map((each) => ({ ...each, settings: at(size) })),
    );
    const pairs = compareAdapters(results(trials)).map(({ left, right }) => [left.key, right.key]);
    expect(pairs).toEqual([
      ['A:cpu:32 px, batch 32, rate 0.001', 'B:cpu:32 px, batch 32, rate 0.001'],
      ['A:cpu:64 px, batch 32, rate 0.001', 'B:cpu:64 px, batch 32, rate 0.001'],
    ]);
  });
});

/** Two hundred test images of one class; a model gets those from `from` to `to` wrong. */
const LABELS = new Array<number>(200).fill(0);

function predicting(adapter: number, seed: number, from: number, to: number): CompletedTrial {
  const predictedLabels = LABELS.map((_, image) => (image >= from && image < to ? 1 : 0));
  return { ...trial(adapter, seed, 10), predictedLabels, accuracy: 1 - (to - from) / 200 };
}

function accuracy(trials: readonly CompletedTrial[]) {
  const testImages = LABELS.map((label, image) => ({ relativePath: `${image}.png`, label }));
  const dataset = { ...exampleResults.dataset, testImages };
  return compareAdapters(results(trials, { dataset }))[0]!.accuracy;
}

describe('accuracies', () => {
  it('are tested image by image, seed by seed', () => {
    const { perSeed } = accuracy([predicting(A, 7, 0, 5), predicting(B, 7, 4, 20)]);
    // 15 images only A got right, 4 only B: 2 · Σ C(19, k) / 2¹⁹ for k ≤ 4.
    expect(perSeed).toHaveLength(1);
    expect(perSeed[0]).toMatchObject({ seed: 7, onlyLeftRight: 15, onlyRightRight: 4 });
    expect(perSeed[0]!.pValue).toBeCloseTo((2 * (1 + 19 + 171 + 969 + 3876)) / 2 ** 19, 10);
  });

  it('have a winner where neither other seeds nor other images would change it', () => {
    const compared = accuracy([
      predicting(A, 1, 0, 10),
      predicting(B, 1, 0, 60),
      predicting(A, 2, 0, 12),
      predicting(B, 2, 0, 61),
      predicting(A, 3, 0, 9),
      predicting(B, 3, 0, 60),
    ]);
    expect(compared.winner).toBe('left');
    expect(compared.difference).toBeCloseTo(0.25, 2);
    expect(compared.sentence).toMatch(/^A on cpu is more accurate than B on cpu by 25/);
  });

  it('have none where few images make the difference, however alike the seeds', () => {
    const trials = [1, 2, 3].flatMap((seed) => [
      predicting(A, seed, 0, 1),
      predicting(B, seed, 0, 2),
    ]);
    const { winner, imageInterval } = accuracy(trials);
    expect(imageInterval.low).toBe(0);
    expect(winner).toBeNull();
  });

  it('have none where seeds disagree', () => {
    const trials = [
      predicting(A, 1, 0, 10),
      predicting(B, 1, 0, 60),
      predicting(A, 2, 0, 40),
      predicting(B, 2, 0, 30),
      predicting(A, 3, 0, 20),
      predicting(B, 3, 0, 40),
    ];
    expect(accuracy(trials).undecidedBecause).toBe('within-noise');
  });
});
