import {
  type BenchResults,
  type Contender,
  groupByContender,
  meanInterval,
} from '@dlcmp/bench-core/results';
import type { LineSeriesOption } from 'echarts/charts';
import { COLORS, colorAt } from '../chart-style';
import { formatNumber } from '../format-number';
import { errorBars } from './error-bars';
import { contenderMarks, plot, timeAxis } from './plot';
import { contenderLegend, contenderTitle, type ReportChart } from './report-chart';

interface Standing {
  readonly contender: Contender;
  readonly index: number;
  readonly seconds: Figure;
  readonly percent: Figure;
}

interface Figure {
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
}

/** What training buys: accuracy against training time, with the contenders that none beats in both. */
export function accuracyAgainstTime(results: BenchResults): ReportChart | undefined {
  const contenders = groupByContender(results);
  const standings = contenders.flatMap(standing);
  if (standings.length === 0) return undefined;
  const front = paretoFront(standings);
  return {
    id: 'accuracy-against-training-time',
    title: 'Accuracy against training time',
    description:
      'Up and to the left is better. Crosses are 95% t-intervals over seeds. The broken line joins the Pareto front: those that none beats in both figures.',
    legend: contenderLegend(contenders),
    chart: plot(
      timeAxis(
        'training time (s)',
        standings.flatMap(({ seconds }) => reach(seconds)),
      ),
      { name: 'accuracy (%)', min: 0, max: 100 },
      [
        frontLine(front),
        errorBars(standings.map(toPoint)),
        ...standings.map(({ index, seconds, percent }) =>
          contenderMarks(index, [[seconds.mean, percent.mean]]),
        ),
      ],
    ),
    table: {
      columns: ['framework', 'training time (s)', 'accuracy (%)', 'on the Pareto front'],
      rows: standings.map((one) => [
        contenderTitle(one.contender),
        describe(one.seconds),
        describe(one.percent),
        front.includes(one) ? 'yes' : 'no',
      ]),
    },
  };
}

function standing(contender: Contender, index: number): Standing[] {
  const { completed } = contender;
  if (completed.length === 0) return [];
  const seconds = figure(
    completed.map(({ trainSeconds }) => trainSeconds),
    Number.POSITIVE_INFINITY,
  );
  const percent = figure(
    completed.map(({ accuracy }) => accuracy * 100),
    100,
  );
  return [{ contender, index, seconds, percent }];
}

function figure(values: readonly number[], highest: number): Figure {
  const { mean, halfWidth } = meanInterval(values);
  if (halfWidth === null) return { mean, interval: null };
  // A logarithmic axis has no zero.
  const low = Math.max(mean / 10, mean - halfWidth);
  return { mean, interval: [low, Math.min(highest, mean + halfWidth)] };
}

function reach({ mean, interval }: Figure): readonly number[] {
  return interval ?? [mean];
}

function toPoint({ index, seconds, percent }: Standing) {
  return {
    x: seconds.mean,
    y: percent.mean,
    xInterval: seconds.interval,
    yInterval: percent.interval,
    color: colorAt(index),
  };
}

/** Those whom no other beats in one figure without losing in the other, quickest first. */
function paretoFront(standings: readonly Standing[]): Standing[] {
  const beats = (a: Standing, b: Standing) =>
    a.seconds.mean <= b.seconds.mean &&
    a.percent.mean >= b.percent.mean &&
    (a.seconds.mean < b.seconds.mean || a.percent.mean > b.percent.mean);
  return standings
    .filter((one) => !standings.some((other) => beats(other, one)))
    .sort((a, b) => a.seconds.mean - b.seconds.mean);
}

function frontLine(front: readonly Standing[]): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    step: 'end',
    showSymbol: false,
    data: front.map(({ seconds, percent }) => [seconds.mean, percent.mean]),
    lineStyle: { color: COLORS.mutedText, width: 1.5, type: 'dashed' },
    z: 1,
  };
}

function describe({ mean, interval }: Figure): string {
  if (!interval) return formatNumber(mean, 2);
  return `${formatNumber(mean, 2)} (${formatNumber(interval[0], 2)} to ${formatNumber(interval[1], 2)})`;
}
