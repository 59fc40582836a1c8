import { describe, expect, it } from '@jest/globals';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import { groupByContender } from '../../src/metrics/contenders';
import { describeFailedCheck, failedChecks } from '../../src/metrics/failed-checks';
import { judgeTrials } from '../../src/metrics/judge-trials';
import { collectWarnings } from '../../src/metrics/warnings';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import type { Check } from '../../src/results/checks';
import { completedTrial, exampleResults } from '../results/example-results';

/** A trial whose training went as `losses` and `weights` say. */
function trial(
  adapter: string,
  {
    losses = [1.8, 1.7, 1.6, 1.5],
    way = 0.3,
    along = -1e-3,
    sketch = [0.2, -0.1],
    seed = 1,
    checks = [],
  }: Partial<CompletedTrial> & {
    losses?: readonly number[];
    way?: number;
    along?: number;
    sketch?: readonly number[];
  } = {},
): CompletedTrial {
  const trainLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return {
    ...completedTrial,
    ...{ adapter, seed, checks },
    epochs: [{ ...completedTrial.epochs[0]!, trainLoss }],
    training: { stepLosses: losses, weights: [{ count: 10_000, way, along, sketch }] },
  };
}

function results(...trials: CompletedTrial[]): BenchResults {
  const { configuration } = exampleResults;
  const adapters = trials.map(({ adapter, backend }) => ({ adapter, backend }));
  const seeds = [...new Set(trials.map(({ seed }) => seed))];
  return { ...exampleResults, configuration: { ...configuration, adapters, seeds }, trials };
}

/** Ids of the checks that each trial failed. */
function failures(judged: BenchResults): Record<string, string[]> {
  return Object.fromEntries(
    judged.trials.map((one) => [
      one.adapter,
      one.status === 'completed'
        ? (one.checks ?? []).filter(({ passed }) => !passed).map(({ id }) => id)
        : [],
    ]),
  );
}

describe('CNNs that trained by the same plan', () => {
  it('agree where only rounding tells them apart', () => {
    const judged = judgeTrials(
      results(
        trial('a'),
        trial('b', { losses: [1.8000001, 1.70001, 1.6, 1.5], sketch: [0.21, -0.11] }),
        trial('c', { along: -1.0001e-3, sketch: [0.19, -0.1], way: 0.3001 }),
      ),
    );
    expect(failures(judged)).toEqual({ a: [], b: [], c: [] });
    expect(judged.trials.map((one) => 'comparable' in one && one.comparable)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('are not held against those that failed in the gate, as two of four did', () => {
    const failed: Check = { id: 'gate', proves: 'it', passed: false, figure: 1, limit: 0 };
    const wrong = { losses: [1.8, 1.71, 1.6, 1.5], checks: [failed] };
    const judged = judgeTrials(
      results(trial('a', wrong), trial('b'), trial('c', wrong), trial('d')),
    );
    const ids = ['gate', 'first-losses', 'losses'];
    expect(failures(judged)).toEqual({ a: ids, b: [], c: ids, d: [] });
  });

  it('tell who is right where all but one failed in the gate', () => {
    const failed: Check = { id: 'gate', proves: 'it', passed: false, figure: 1, limit: 0 };
    const wrong = { losses: [1.8, 1.71, 1.6, 1.5], checks: [failed] };
    const judged = judgeTrials(results(trial('a', wrong), trial('b'), trial('c', wrong)));
    expect(failures(judged)).toMatchObject({ b: [] });
    expect(groupByContender(judged).map(({ comparable }) => comparable)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('have all a say where all failed in the gate', () => {
    const failed: Check = { id: 'gate', proves: 'it', passed: false, figure: 1, limit: 0 };
    const checks = [failed];
    const judged = judgeTrials(
      results(
        trial('a', { checks }),
        trial('b', { checks, losses: [1.8, 1.71, 1.6, 1.5] }),
        trial('c', { checks }),
      ),
    );
    const own = ['gate'];
    expect(failures(judged)).toEqual({ a: own, b: [...own, 'first-losses', 'losses'], c: own });
  });

  it('are told by the majority: the third is named, with figure, limit and place', () => {
    const judged = judgeTrials(
      results(trial('a'), trial('b', { losses: [1.8, 1.71, 1.6, 1.5] }), trial('c')),
    );
    expect(failures(judged)).toEqual({ a: [], b: ['first-losses', 'losses'], c: [] });
    const [, wrong] = groupByContender(judged);
    const [check] = failedChecks(wrong!);
    // The mean of 1.8 and 1.71 over that of 1.8 and 1.7.
    expect(check?.figure).toBeCloseTo(3.51 / 3.5 - 1, 12);
    expect(check?.limit).toBeCloseTo(1e-5 + 5e-4, 12);
    expect(describeFailedCheck(check!)).toBe(
      'check first-losses has 0.00286 where at most 0.00051 is allowed, with 1 seed (step 2, against a:cpu)',
    );
  });

  it('are both named where two differ, and all four where two stand against two', () => {
    const other = { losses: [1.9, 1.7, 1.6, 1.5] };
    expect(failures(judgeTrials(results(trial('a'), trial('b', other))))).toEqual({
      a: ['first-losses', 'losses'],
      b: ['first-losses', 'losses'],
    });
    const split = failures(
      judgeTrials(results(trial('a'), trial('b'), trial('c', other), trial('d', other))),
    );
    expect(Object.values(split)).toEqual(new Array(4).fill(['first-losses', 'losses']));
  });

  it('are named for weights that decay, though their losses and distances are as rounding has them', () => {
    // 0.02 apart; a random direction of 10,000 has a hundredth of that along the first weights.
    const apart = { sketch: [0.22, -0.1] };
    const judged = judgeTrials(
      results(
        trial('a'),
        trial('b', { ...apart, along: -1e-3 - 1e-4 }),
        trial('c', { ...apart, along: -1e-3 - 2e-3 }),
        trial('d'),
      ),
    );
    expect(failures(judged)).toEqual({ a: [], b: [], c: ['weights-shrinkage'], d: [] });
  });

  it('are named for updates that are too small in all directions', () => {
    const judged = judgeTrials(
      results(trial('a'), trial('b', { sketch: [0.22, -0.1], way: 0.295 }), trial('c')),
    );
    expect(failures(judged)).toEqual({ a: [], b: ['weights-way'], c: [] });
  });

  it('are not compared where seeds differ, or in the defaults track', () => {
    const differing = results(trial('a'), trial('b', { losses: [1.9], seed: 2 }));
    expect(failures(judgeTrials(differing))).toEqual({ a: [], b: [] });
    const { configuration } = exampleResults;
    const defaults = {
      ...results(trial('a'), trial('b', { losses: [1.9] })),
      configuration: { ...configuration, track: 'defaults' as const },
    };
    expect(failures(judgeTrials(defaults))).toEqual({ a: [], b: [] });
  });

  it('are judged anew with every trial, and keep the checks that they brought', () => {
    const failed = { id: 'saved-answers', proves: '', passed: false, figure: 0.5, limit: 1e-3 };
    const [a, b] = [trial('a', { checks: [failed] }), trial('b', { losses: [1.9] })];
    const two = judgeTrials(results(a, b));
    const three = judgeTrials({ ...two, trials: [...two.trials, trial('c')] });
    expect(failures(three)).toEqual({
      a: ['saved-answers'],
      b: ['first-losses', 'losses'],
      c: [],
    });
  });

  it('stay as they are where an older dlcmp wrote them', () => {
    const { checks: _, ...old } = completedTrial;
    const before = results(old, { ...old, adapter: 'b' });
    expect(judgeTrials(before)).toEqual(before);
  });
});

describe('a contender of which a check failed', () => {
  const failed = { id: 'unseen-latency', proves: '', passed: false, figure: 18.6, limit: 1.5 };
  const slow = { trainSeconds: 100, inferenceSeconds: 10 };
  const trials = [1, 2, 3, 4, 5].flatMap((seed) => [
    { ...trial('honest', { seed }), ...slow, trainSeconds: 100 + seed / 100 },
    { ...trial('cheat', { seed, checks: seed === 3 ? [failed] : [] }), comparable: seed !== 3 },
  ]);

  it('wins nothing, however large the difference', () => {
    const [comparison] = compareAdapters(results(...trials));
    expect(
      comparison?.times.map(({ winner, undecidedBecause }) => [winner, undecidedBecause]),
    ).toEqual(new Array(4).fill([null, 'not-comparable']));
    expect(comparison?.accuracy.undecidedBecause).toBe('not-comparable');
  });

  it('is named by a warning, with its figure and limit', () => {
    const warning = collectWarnings(results(...trials)).find(({ id }) => id === 'failed-checks');
    expect(warning?.message).toBe(
      'Fake (CNN) on cpu is not comparable: check unseen-latency has 18.6 where at most 1.5 is allowed, with 1 seed.',
    );
  });
});
