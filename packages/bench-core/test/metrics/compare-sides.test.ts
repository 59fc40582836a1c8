import { createGenerator, nextUniform, type RandomGenerator } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { compareSides } from '../../src/metrics/compare-sides';
import { signedRankTest } from '../../src/metrics/signed-rank';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import { completedTrial, exampleResults } from '../results/example-results';

const side = { contender: 'onnx:graph', base: 'onnx-base', head: 'onnx-head', backend: 'cpu' };

function studyOf(trials: readonly CompletedTrial[], seeds: readonly number[]): BenchResults {
  const adapters = [side.base, side.head].map((adapter) => ({ adapter, backend: 'cpu' }));
  return {
    ...exampleResults,
    configuration: { ...exampleResults.configuration, adapters, seeds },
    trials,
  };
}

/** How many times as long each of `trials` trials of 10 s takes beside a load that is there for about a minute, and then is not. */
function loads(trials: number, generator: RandomGenerator): number[] {
  let isOn = nextUniform(generator) < 0.5;
  let left = -60 * Math.log(1 - nextUniform(generator));
  return Array.from({ length: trials }, () => {
    let slowed = 0;
    for (let second = 0; second < 10; second++) {
      if (left <= 0) {
        isOn = !isOn;
        left = -60 * Math.log(1 - nextUniform(generator));
      }
      slowed += isOn ? 0.05 : 0;
      left--;
    }
    return 1 + slowed;
  });
}

/** What head does more of in training: computing, or waiting. */
type More = 'work' | 'waiting';

/** Twenty seeds; noise of 3 %, and of each build and figure a bias of 2 % that stays. Of processor time a load takes nothing. */
function simulate(number: number, slowdown: number, more: More): BenchResults {
  const generator = createGenerator(number, 'ab');
  const seeds = Array.from({ length: 20 }, (_, at) => at + 1);
  const load = loads(2 * seeds.length, generator);
  const biases = [0, 1, 2, 3, 4, 5].map(() => Math.exp(0.02 * normal(generator)));
  const trials = seeds.flatMap((seed, at) => {
    const first = nextUniform(generator) < 0.5 ? 0 : 1;
    return [first, 1 - first].map((which, turn) => {
      const noise = () => Math.exp(0.03 * normal(generator));
      const time = (bias: number) => load[2 * at + turn]! * bias * noise();
      const factor = which === 1 ? slowdown : 1;
      return {
        ...{ ...completedTrial, seed, adapter: which === 1 ? side.head : side.base },
        trainSeconds: 10 * factor * time(biases[which]!),
        inferenceSeconds: time(biases[2 + which]!),
        fitCpuSeconds: 10 * (more === 'work' ? factor : 1) * biases[4 + which]! * noise(),
      };
    });
  });
  return studyOf(trials, seeds);
}

function normal(generator: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - nextUniform(generator)));
  return radius * Math.cos(2 * Math.PI * nextUniform(generator));
}

const STUDIES = 200;

function alarms(slowdown: number, more: More): number {
  return Array.from({ length: STUDIES }, (_, study) =>
    compareSides(simulate(study, slowdown, more), [side]),
  ).filter((rows) => rows.some(({ verdict }) => verdict === 'regression')).length;
}

describe('200 comparisons beside a load that comes and goes, by half as much again', () => {
  it('raise an alarm between equals in 5 % at most', () => {
    const share = alarms(1, 'work') / STUDIES;
    process.stdout.write(`A/A: ${(share * 100).toFixed(1)} % alarms\n`);
    expect(share).toBeLessThanOrEqual(0.05);
  });

  it.each(['work', 'waiting'] as const)('find 15 %% more %s in 80 %% at least', (more) => {
    const share = alarms(1.15, more) / STUDIES;
    process.stdout.write(`15 % more ${more}: ${(share * 100).toFixed(1)} % found\n`);
    expect(share).toBeGreaterThanOrEqual(0.8);
  });
});

describe('compareSides', () => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const both = (edit: (trial: CompletedTrial, isHead: boolean) => CompletedTrial) =>
    studyOf(
      seeds.flatMap((seed) => [
        edit({ ...completedTrial, adapter: side.base, seed }, false),
        edit({ ...completedTrial, adapter: side.head, seed }, true),
      ]),
      seeds,
    );
  const verdicts = (results: BenchResults) =>
    compareSides(results, [side]).map(({ verdict }) => verdict);

  it('finds accuracy that is lost in all seeds, and no fault in accuracy that is won', () => {
    const to = (accuracy: number) => both((t, isHead) => (isHead ? { ...t, accuracy } : t));
    expect(verdicts(to(0.7))).toEqual(['fine', 'fine', 'fine', 'regression']);
    expect(verdicts(to(0.8))).toEqual(['fine', 'fine', 'fine', 'fine']);
  });

  it('knows a contender that is lost, or of which a check fails', () => {
    const base = both((trial) => trial);
    const without = base.trials.filter(({ adapter }) => adapter === side.base);
    expect(verdicts({ ...base, trials: without })).toEqual(['lost', 'lost', 'lost', 'lost']);
    const failing = both((t, isHead) => (isHead ? { ...t, comparable: false } : t));
    expect(verdicts(failing)).toEqual(['lost', 'lost', 'lost', 'lost']);
  });

  it('pairs on one machine alone, and decides nothing by a few pairs', () => {
    const slow = (t: CompletedTrial, isHead: boolean) => ({ ...t, trainSeconds: isHead ? 20 : 10 });
    expect(verdicts(both(slow))[0]).toBe('regression');
    const apart = both((t, isHead) => ({ ...slow(t, isHead), machine: isHead ? 'a' : 'b' }));
    expect(compareSides(apart, [side])[0]).toMatchObject({ pairs: 0, verdict: 'too-few-pairs' });
    const few = both(slow);
    const three = few.trials.filter(({ seed }) => seed <= 3);
    expect(verdicts({ ...few, trials: three })[0]).toBe('too-few-pairs');
  });
});

describe('signedRankTest', () => {
  // scipy 1.17, wilcoxon(x, alternative='greater', method='exact').
  it.each([
    [[1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3], 0.001953125],
    [[0.3, -0.1, 0.4, -0.2, 0.5, 0.6, -0.7, 0.8], 0.15625],
    [[-1, -2, 3, -4], 0.8125],
  ])('of %j is scipy’s', (differences, pValue) => {
    expect(signedRankTest(differences).pValue).toBeCloseTo(pValue, 12);
  });

  it('estimates the middle though one is wild', () => {
    expect(signedRankTest([1, 1, 1, 1, 1, 1, 1000]).estimate).toBe(1);
    expect(signedRankTest([0, 0, 0])).toEqual({ estimate: 0, pValue: 1 });
  });
});
