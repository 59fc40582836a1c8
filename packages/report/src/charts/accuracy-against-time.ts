import type { FigureSummary, MetricDefinition } from '@dlcmp/bench-core/results';
import type { LineSeriesOption } from 'echarts/charts';
import { COLORS, colorAt } from '../chart-style';
import { formatFigure } from '../format-number';
import type { Report, ReportedContender } from '../report';
import { errorBars } from './error-bars';
import { contenderMarks, plot, timeAxis } from './plot';
import { contenderLegend, type ReportChart } from './report-chart';

interface Standing {
  readonly contender: ReportedContender;
  readonly index: number;
  readonly seconds: Figure;
  readonly percent: Figure;
}

interface Figure {
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
}

/** What training buys: accuracy against training time, with the contenders that none beats in both. */
export function accuracyAgainstTime({ contenders, metrics }: Report): ReportChart | undefined {
  const standings = contenders.flatMap(standing);
  if (standings.length === 0) return undefined;
  const front = paretoFront(standings);
  const { trainSeconds, accuracyPercent } = metrics;
  const time = `training time (${trainSeconds.unit})`;
  return {
    id: 'accuracy-against-training-time',
    title: 'Accuracy against training time',
    description: describeMarks(standings, front),
    legend: contenderLegend(contenders),
    chart: plot(
      timeAxis(
        time,
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
      columns: [
        'framework',
        time,
        'accuracy (%)',
        ...(standings.length > 1 ? ['on the Pareto front'] : []),
      ],
      rows: standings.map((one) => [
        one.contender.title,
        describe(one.seconds, trainSeconds),
        describe(one.percent, accuracyPercent),
        ...(standings.length > 1 ? [front.includes(one) ? 'yes' : 'no'] : []),
      ]),
    },
  };
}

/** Of what is drawn and nothing else: one seed has no crosses, one contender no front. */
function describeMarks(standings: readonly Standing[], front: readonly Standing[]): string {
  const hasCrosses = standings.some(({ seconds }) => seconds.interval);
  return [
    'Up and to the left is better.',
    ...(hasCrosses ? ['Crosses are 95% t-intervals over seeds.'] : []),
    ...(front.length > 1
      ? ['The broken line joins the Pareto front: those that none beats in both figures.']
      : []),
  ].join(' ');
}

function standing(contender: ReportedContender, index: number): Standing[] {
  const { figures } = contender;
  if (!figures) return [];
  const seconds = figure(figures.trainSeconds, Number.POSITIVE_INFINITY);
  const percent = figure(figures.accuracyPercent, 100);
  return [{ contender, index, seconds, percent }];
}

function figure({ mean, halfWidth }: FigureSummary, highest: number): Figure {
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

function describe({ mean, interval }: Figure, metric: MetricDefinition): string {
  const write = (value: number) => formatFigure(value, metric, mean);
  return interval ? `${write(mean)} (${write(interval[0])} to ${write(interval[1])})` : write(mean);
}
