import type { BenchResults } from '../results/bench-results';
import { type AccuracyFigures, compareAccuracy } from './compare-accuracy';
import { compareTimes } from './compare-times';
import type { AccuracyComparison, AdapterComparison } from './comparison';
import { accuracySentence } from './comparison-words';
import { type ContenderPair, pairUp, type TrialPair } from './contender-pairs';
import { correctWithin } from './holm';
import { FEWEST_RUNS, judgeAccuracy } from './verdict';

/**
 * Holds every contender of `results` against every other, over the runs that both completed. Winners are named by a rule that
 * names a wrong one, between equals, in at most 5% of studies: `docs/method.md` says what is held to that, and what is assumed.
 */
export function compareAdapters(results: BenchResults): AdapterComparison[] {
  const labels = results.dataset.testImages.map(({ label }) => label);
  const pairs = pairUp(results);
  const times = compareTimes(pairs);
  const accuracies = compareAccuracies(pairs, labels);
  return pairs.map(({ left, right, timed }, row) => ({
    left,
    right,
    seeds: [...new Set(timed.map(([{ seed }]) => seed))],
    runs: timed.length,
    times: times[row]!,
    accuracy: accuracies[row]!,
  }));
}

interface Item {
  readonly pair: ContenderPair;
  /** A run of each seed: training again with the same seed gives the same model. */
  readonly trials: readonly TrialPair[];
  readonly figures: AccuracyFigures;
}

function compareAccuracies(
  pairs: readonly ContenderPair[],
  labels: readonly number[],
): AccuracyComparison[] {
  const items = pairs.map((pair): Item => {
    const trials = firstOfEachSeed(pair.trials);
    return { pair, trials, figures: compareAccuracy(trials, labels) };
  });
  const tested = items.filter(
    ({ pair, trials }) => pair.comparable && trials.length >= FEWEST_RUNS,
  );
  const corrected = correctWithin(
    tested,
    ({ pair }) => pair.family,
    ({ figures }) => figures.pValue!,
  );
  return items.map((item) => judge(item, corrected.get(item) ?? null));
}

function firstOfEachSeed(trials: readonly TrialPair[]): TrialPair[] {
  const seeds = trials.map(([{ seed }]) => seed);
  return trials.filter(([{ seed }], index) => seeds.indexOf(seed) === index);
}

function judge(
  { pair, trials, figures: { pValue, ...compared } }: Item,
  correctedPValue: number | null,
): AccuracyComparison {
  const better = compared.difference > 0 ? 'left' : 'right';
  const evidence = { ...pair, runs: trials.length, pValue, correctedPValue, better } as const;
  const figures = { ...compared, correctedPValue, ...judgeAccuracy(evidence) };
  const seeds = trials.map(([{ seed }]) => seed);
  return { ...figures, sentence: accuracySentence({ ...pair, seeds }, figures) };
}
