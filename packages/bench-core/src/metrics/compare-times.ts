import {
  COMPARED_TIMES,
  type ComparedTime,
  FIGURE_BEFORE,
  type TimeComparison,
} from './comparison';
import { timeSentence } from './comparison-words';
import type { ContenderPair } from './contender-pairs';
import { correctWithin } from './holm';
import { biasPValue, lastingBias } from './lasting-bias';
import { METRICS } from './metric-definitions';
import { type PairedRatio, pairedRatio } from './paired-ratio';
import { FEWEST_RUNS, judgeTime } from './verdict';

/** With fewer runs scatter is too little known: chance is then corrected over the figures as well. */
const RUNS_THAT_TELL_SCATTER = 5;

/** One figure of one pair. */
interface Item {
  readonly pair: ContenderPair;
  readonly metric: ComparedTime;
  readonly measured: PairedRatio;
}

/** A verdict on every time of every pair, in the order of `pairs` and of `COMPARED_TIMES`. */
export function compareTimes(pairs: readonly ContenderPair[]): TimeComparison[][] {
  const rows = pairs.map((pair) => COMPARED_TIMES.map((metric) => measure(pair, metric)));
  const ranked = rows.flat().filter(isRanked);
  const chance = correctWithin(ranked, chanceGroup, ({ measured }) => measured.pValue!);
  const scatter = scatterOf(ranked);
  const bias = correctWithin(ranked, biasGroup, ({ pair, metric, measured }) =>
    biasPValue(measured.ratio, lastingBias(scatter.get(figureGroup(pair, metric))!)),
  );
  const competing = countCompeting(ranked);
  return rows.map((row, index) =>
    judgeRow(row, chance, bias, competing.get(pairs[index]!.field) ?? 0),
  );
}

function measure(pair: ContenderPair, metric: ComparedTime): Item {
  const { value } = METRICS[metric];
  const [left, right] = [0, 1].map((side) => pair.timed.map((trials) => value(trials[side]!)));
  return { pair, metric, measured: pairedRatio(left!, right!) };
}

function isRanked({ pair }: Item): boolean {
  return pair.field !== undefined && pair.comparable && pair.runs >= FEWEST_RUNS;
}

function figureGroup({ family }: ContenderPair, metric: ComparedTime): string {
  return `${family} · ${metric}`;
}

/** Pairs of a family, figure by figure; with few runs both figures that are asked for at the same time. */
function chanceGroup({ pair, metric }: Item): string {
  if (pair.runs >= RUNS_THAT_TELL_SCATTER) return figureGroup(pair, metric);
  return `${pair.family} · ${turnOf(metric)}`;
}

/** All pairs that compete: nobody knows how the bias of one figure hangs together with another's. */
function biasGroup({ pair, metric }: Item): string {
  return `${pair.field} · ${turnOf(metric)}`;
}

/** Pairs that compete, by field. */
function countCompeting(ranked: readonly Item[]): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const { field } of new Set(ranked.map(({ pair }) => pair))) {
    counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return counts;
}

function turnOf(metric: ComparedTime): string {
  return FIGURE_BEFORE[metric] ? 'second' : 'first';
}

/** Of each family and figure: the standard deviation of one contender's log times, drifts that hit all taken out. */
function scatterOf(items: readonly Item[]): Map<string, number> {
  const squares = new Map<string, number[]>();
  for (const { pair, metric, measured } of items) {
    const group = figureGroup(pair, metric);
    squares.set(group, [...(squares.get(group) ?? []), measured.logDeviation! ** 2]);
  }
  const rootMean = (values: readonly number[]) =>
    // A difference of two has twice the variance of one.
    Math.sqrt(values.reduce((sum, value) => sum + value, 0) / values.length / 2);
  return new Map([...squares].map(([group, values]) => [group, rootMean(values)]));
}

function judgeRow(
  row: readonly Item[],
  chance: ReadonlyMap<Item, number>,
  bias: ReadonlyMap<Item, number>,
  competingPairs: number,
): TimeComparison[] {
  const judged: TimeComparison[] = [];
  for (const item of row) {
    const { pair, metric, measured } = item;
    const { logDeviation: _, ...interval } = measured;
    const before = judged.find((one) => one.metric === FIGURE_BEFORE[metric]);
    const correctedPValue = chance.get(item) ?? null;
    const biasValue = bias.get(item) ?? null;
    const verdict = judgeTime({
      ...pair,
      pValue: measured.pValue,
      correctedPValue,
      biasPValue: biasValue,
      competingPairs,
      isAsked: before === undefined || before.winner !== null,
      better: measured.ratio < 1 ? 'left' : 'right',
    });
    const figures = { metric, ...interval, correctedPValue, biasPValue: biasValue, ...verdict };
    judged.push({ ...figures, sentence: timeSentence(runsOf(pair), figures) });
  }
  return judged;
}

/** As sentences speak of them. */
function runsOf({ left, right, timed }: ContenderPair) {
  return { left, right, seeds: timed.map(([{ seed }]) => seed) };
}
