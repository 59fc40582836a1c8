import { isDeepStrictEqual } from 'node:util';
import type { BenchResults, CompletedTrial } from '../results/bench-results';
import { benjaminiHochbergCorrection } from './benjamini-hochberg';
import { type AccuracyFigures, compareAccuracy } from './compare-accuracy';
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
import { METRICS } from './metric-definitions';
import { pairedRatio, type RatioInterval } from './paired-ratio';
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
 * a matrix varies the settings, CNNs with the same settings, and forests with all. The p-values of all
 * pairs and figures are corrected together, so that with no true difference the chance that the study
 * names any winner is below 5%.
 */
export function compareAdapters(results: BenchResults): AdapterComparison[] {
  const labels = results.dataset.testImages.map(({ label }) => label);
  const measured = pairUp(results).map((pair) => ({
    pair,
    times: COMPARED_TIMES.map((metric) => measureTimes(pair, metric)),
    accuracy: compareAccuracy(pair.trials, labels),
  }));
  const corrected = correct(
    measured.flatMap(({ times, accuracy }) => [...times, accuracy].map(({ pValue }) => pValue)),
  );
  const width = COMPARED_TIMES.length + 1;
  return measured.map(({ pair, times, accuracy }, row) => ({
    left: pair.left,
    right: pair.right,
    seeds: pair.seeds,
    times: times.map((time, column) => judgeTimes(pair, time, corrected[row * width + column]!)),
    accuracy: judgeAccuracy(pair, accuracy, corrected[row * width + width - 1]!),
  }));
}

function pairUp(results: BenchResults): Pair[] {
  const contenders = groupByContender(results);
  return contenders
    .flatMap((left, index) => contenders.slice(index + 1).map((right) => [left, right] as const))
    .filter(([left, right]) => areComparable(left, right))
    .map(([left, right]) => pairBySeed(left, right, results))
    .filter(({ seeds }) => seeds.length > 0);
}

/** Of one family the settings must agree; a forest has neither batches nor a rate to agree on. */
function areComparable(left: Contender, right: Contender): boolean {
  const isSameFamily = left.completed[0]?.family === right.completed[0]?.family;
  return !isSameFamily || isDeepStrictEqual(left.settings, right.settings);
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

function reference({
  key,
  adapter,
  backend,
  displayName,
  contender,
}: Contender): ComparedContender {
  return { key, adapter, backend, displayName, contender };
}

type MeasuredTime = RatioInterval & Pick<TimeComparison, 'metric'>;

function measureTimes({ trials }: Pair, metric: ComparedTime): MeasuredTime {
  const { value } = METRICS[metric];
  const ratio = pairedRatio(
    trials.map(([left]) => value(left)),
    trials.map(([, right]) => value(right)),
  );
  return { metric, ...ratio };
}

function judgeTimes(
  pair: Pair,
  time: MeasuredTime,
  correctedPValue: number | null,
): TimeComparison {
  const better = time.ratio < 1 ? 'left' : 'right';
  const verdict = judge({ ...pair, pValue: time.pValue, correctedPValue, better });
  const figures = { ...time, correctedPValue, ...verdict };
  return { ...figures, sentence: timeSentence(pair, figures) };
}

function judgeAccuracy(
  pair: Pair,
  { pValue, ...compared }: AccuracyFigures,
  correctedPValue: number | null,
): AccuracyComparison {
  const better = compared.difference > 0 ? 'left' : 'right';
  const verdict = judge({ ...pair, pValue, correctedPValue, better });
  const figures = { ...compared, correctedPValue, ...verdict };
  return { ...figures, sentence: accuracySentence(pair, figures) };
}

/** The p-values that there are, corrected for each other. */
function correct(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.filter((pValue) => pValue !== null);
  const corrected = benjaminiHochbergCorrection(known);
  let next = 0;
  return pValues.map((pValue) => (pValue === null ? null : corrected[next++]!));
}
