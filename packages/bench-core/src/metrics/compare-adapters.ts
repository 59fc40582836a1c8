import type { BenchResults, CompletedTrial } from '../results/bench-results';
import { compareAccuracy } from './compare-accuracy';
import {
  type AccuracyComparison,
  type AdapterComparison,
  COMPARED_TIMES,
  type ComparedContender,
  type ComparedTime,
  type TimeComparison,
} from './comparison';
import { accuracySentence, timeSentence } from './comparison-words';
import { type Contender, groupByContender } from './contenders';
import { holmCorrection } from './holm';
import { METRICS } from './metric-definitions';
import { pairedRatio } from './paired-ratio';
import { judge } from './verdict';

/** Two contenders and their trials of the same seeds, in the same order. */
interface Pair {
  readonly left: ComparedContender;
  readonly right: ComparedContender;
  readonly seeds: readonly number[];
  readonly trials: readonly (readonly [CompletedTrial, CompletedTrial])[];
  readonly comparable: boolean;
}

/**
 * Holds every contender of `results` against every other, over the seeds that both completed. Where
 * a matrix varies the settings, those with the same settings. For each figure p-values are corrected
 * for the number of pairs, so that with no true difference the chance of naming any winner by it
 * is at most 5%.
 */
export function compareAdapters(results: BenchResults): AdapterComparison[] {
  const pairs = pairUp(results);
  const times = COMPARED_TIMES.map((metric) => compareTimes(pairs, metric));
  const accuracies = compareAccuracies(pairs, results);
  return pairs.map(({ left, right, seeds }, index) => ({
    left,
    right,
    seeds,
    times: times.map((comparisons) => comparisons[index] as TimeComparison),
    accuracy: accuracies[index]!,
  }));
}

function pairUp(results: BenchResults): Pair[] {
  const contenders = groupByContender(results);
  return contenders
    .flatMap((left, index) => contenders.slice(index + 1).map((right) => [left, right] as const))
    .filter(([left, right]) => haveSameSettings(left, right))
    .map(([left, right]) => pairBySeed(left, right, results))
    .filter(({ seeds }) => seeds.length > 0);
}

function haveSameSettings(left: Contender, right: Contender): boolean {
  return JSON.stringify(left.settings) === JSON.stringify(right.settings);
}

function pairBySeed(left: Contender, right: Contender, { parityGate }: BenchResults): Pair {
  const trials = left.completed.flatMap((trial) => {
    const other = right.completed.find(({ seed }) => seed === trial.seed);
    return other ? [[trial, other] as const] : [];
  });
  const bothCnns = trials.every((pair) => pair.every(({ family }) => family === 'cnn'));
  return {
    left: reference(left),
    right: reference(right),
    seeds: trials.map(([{ seed }]) => seed),
    trials,
    comparable: parityGate.status !== 'failed' || !bothCnns,
  };
}

function reference({ key, adapter, backend, displayName }: Contender): ComparedContender {
  return { key, adapter, backend, displayName };
}

function compareTimes(pairs: readonly Pair[], metric: ComparedTime): TimeComparison[] {
  const { value } = METRICS[metric];
  const ratios = pairs.map(({ trials }) =>
    pairedRatio(
      trials.map(([left]) => value(left)),
      trials.map(([, right]) => value(right)),
    ),
  );
  const corrected = correct(ratios.map(({ pValue }) => pValue));
  return pairs.map((pair, index) => {
    const ratio = ratios[index]!;
    const correctedPValue = corrected[index]!;
    const better = ratio.ratio < 1 ? 'left' : 'right';
    const verdict = judge({ ...pair, pValue: ratio.pValue, correctedPValue, better });
    const figures = { metric, ...ratio, correctedPValue, ...verdict };
    return { ...figures, sentence: timeSentence(pair, figures) };
  });
}

function compareAccuracies(
  pairs: readonly Pair[],
  { dataset }: BenchResults,
): AccuracyComparison[] {
  const labels = dataset.testImages.map(({ label }) => label);
  const figures = pairs.map(({ trials }) => compareAccuracy(trials, labels));
  const corrected = correct(figures.map(({ pValue }) => pValue));
  return pairs.map((pair, index) => {
    const { pValue, ...compared } = figures[index]!;
    const correctedPValue = corrected[index]!;
    const better = compared.difference > 0 ? 'left' : 'right';
    const verdict = judge({ ...pair, pValue, correctedPValue, better });
    const all = { ...compared, correctedPValue, ...verdict };
    return { ...all, sentence: accuracySentence(pair, all) };
  });
}

/** Holm's correction of the p-values that there are. */
function correct(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.filter((pValue) => pValue !== null);
  const corrected = holmCorrection(known);
  let next = 0;
  return pValues.map((pValue) => (pValue === null ? null : corrected[next++]!));
}
