import type { CompletedTrial, EpochMeasurement } from '@dlcmp/bench-core/results';
import { formatNumber, formatSignificant } from '../format-number';
import type { Report, ReportedContender } from '../report';
import { contenderLine, contenderMarks, type PlotAxis, plot } from './plot';
import { contenderLegend, type ReportChart } from './report-chart';

interface Curve {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  point(epochs: readonly EpochMeasurement[], at: number): [number, number];
  /** Where a contender without epochs stands; it has one point. */
  readonly end?: (trial: CompletedTrial) => [number, number];
}

const ACCURACY: PlotAxis = { name: 'test accuracy (%)', min: 0, max: 100 };
const LINES = 'Thick: mean over seeds. Thin: each seed.';

const CURVES: readonly Curve[] = [
  {
    id: 'accuracy-by-epoch',
    title: 'Learning by epoch',
    description: 'Test accuracy after each pass over the training images.',
    x: { name: 'epoch', min: 0, whole: true },
    y: ACCURACY,
    point: (epochs, at) => [epochs[at]!.epoch, epochs[at]!.accuracy * 100],
  },
  {
    id: 'accuracy-by-second',
    title: 'Learning by second',
    description: 'Test accuracy against seconds of training, evaluation left out.',
    x: { name: 'training time (s)', min: 0 },
    y: ACCURACY,
    point: (epochs, at) => [secondsUntil(epochs, at), epochs[at]!.accuracy * 100],
    end: ({ trainSeconds, accuracy }) => [trainSeconds, accuracy * 100],
  },
  {
    id: 'loss-by-epoch',
    title: 'Training loss',
    description: 'Mean cross-entropy of each epoch, dropout on.',
    x: { name: 'epoch', min: 0, whole: true },
    y: { name: 'cross-entropy', min: 0 },
    point: (epochs, at) => [epochs[at]!.epoch, epochs[at]!.trainLoss],
  },
];

/** How accuracy and loss developed, for the contenders that train in epochs. */
export function learningCurves({ contenders, hasSpread }: Report): ReportChart[] {
  const learned = contenders.some(({ completed }) => completed.some(hasEpochs));
  return learned ? CURVES.map((curve) => draw(curve, contenders, hasSpread)) : [];
}

function draw(
  curve: Curve,
  contenders: readonly ReportedContender[],
  hasSpread: boolean,
): ReportChart {
  const { id, title, x, y } = curve;
  const shown = contenders.map((contender, index) => ({
    contender,
    index,
    seeds: contender.completed.filter(hasEpochs).map((trial) => points(curve, trial.epochs)),
    ends: curve.end ? contender.completed.filter((t) => !hasEpochs(t)).map(curve.end) : [],
  }));
  const drawn = shown.filter(({ seeds, ends }) => seeds.length + ends.length > 0);
  const legend = contenderLegend(contenders);
  return {
    id,
    title,
    description: [curve.description, ...(hasSpread ? [LINES] : []), ...endWords(drawn)].join(' '),
    legend: drawn.map(({ index }) => legend[index]!),
    chart: plot(
      x.whole && longest(shown) > 1 ? { ...x, min: 1 } : x,
      y,
      drawn.flatMap(({ index, seeds, ends }) => [
        ...(seeds.length > 1
          ? seeds.map((seed) => contenderLine(index, seed, { faint: true }))
          : []),
        ...(seeds.length > 0 ? [contenderLine(index, meanCurve(seeds))] : []),
        ...(ends.length > 0 ? [contenderMarks(index, meanCurve(ends.map((end) => [end])))] : []),
      ]),
    ),
    table: {
      columns: ['framework', x.name, y.name],
      rows: drawn.flatMap(({ contender, seeds, ends }) =>
        meanCurve(seeds.length > 0 ? seeds : ends.map((end) => [end])).map(([left, right]) => [
          contender.title,
          left % 1 === 0 ? formatNumber(left) : formatSignificant(left, 2),
          formatSignificant(right, 3),
        ]),
      ),
    },
  };
}

function endWords(drawn: readonly { readonly ends: readonly unknown[] }[]): string[] {
  const hasEnds = drawn.some(({ ends }) => ends.length > 0);
  return hasEnds ? ['A classifier without epochs is one mark, at its end.'] : [];
}

/** Epochs of the longest curve. */
function longest(shown: readonly { readonly seeds: readonly (readonly unknown[])[] }[]): number {
  return Math.max(0, ...shown.flatMap(({ seeds }) => seeds.map((seed) => seed.length)));
}

function hasEpochs({ epochs }: CompletedTrial): boolean {
  return epochs.length > 0;
}

function points(curve: Curve, epochs: readonly EpochMeasurement[]): [number, number][] {
  return epochs.map((_, at) => curve.point(epochs, at));
}

function secondsUntil(epochs: readonly EpochMeasurement[], at: number): number {
  return epochs.slice(0, at + 1).reduce((sum, { trainSeconds }) => sum + trainSeconds, 0);
}

/** Point by point, over the seeds that went as far. */
function meanCurve(seeds: readonly (readonly [number, number][])[]): [number, number][] {
  const length = Math.max(0, ...seeds.map((seed) => seed.length));
  return Array.from({ length }, (_, at) => {
    const there = seeds.flatMap((seed) => (seed[at] ? [seed[at]] : []));
    const mean = (axis: 0 | 1) => there.reduce((sum, p) => sum + p[axis], 0) / there.length;
    return [mean(0), mean(1)];
  });
}
