import {
  type AdapterComparison,
  contenderTitle,
  METRICS,
  metricTitle,
  type TimeComparison,
} from '@dlcmp/bench-core/results';
import { formatNumber } from '../format-number';
import type { Report } from '../report';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

const COLUMNS = [
  'pair',
  'figure',
  'first to second',
  '95% interval',
  'p of chance',
  'p of bias',
  'verdict',
];
const IMAGE_COLUMNS = [
  'pair',
  'difference (points)',
  '95% interval over images',
  'McNemar’s test by seed: images only the first, only the second got right',
];

/** Every pair of contenders, figure by figure, with all that the verdict rests on. */
export function comparisonsSection({ comparisons }: Report): Markup | undefined {
  if (comparisons.length === 0) return undefined;
  const overSeeds = { columns: COLUMNS, rows: comparisons.flatMap(seedRows) };
  const overImages = { columns: IMAGE_COLUMNS, rows: comparisons.map(imageRow) };
  return html`<section><h2>Comparisons in figures</h2>
<details><summary>Over seeds: ratios of times and differences of accuracy</summary>
<p>Ratios are geometric means, paired by run; below 1, the first took less. The p of chance is the paired t-test’s; the p of bias is that of equals with what may stay with a contender through all its runs. Both are corrected over the pairs that compete.</p>${figureTable(overSeeds, 'Comparisons over seeds')}</details>
<details><summary>Over test images: bootstrap and McNemar’s exact test</summary>
<p>What other test images would change, and whether the two models of a seed differ on these.</p>${figureTable(overImages, 'Comparisons over test images')}</details></section>`;
}

function seedRows(comparison: AdapterComparison): string[][] {
  const { times, accuracy } = comparison;
  const pair = pairTitle(comparison);
  const interval = accuracy.seedInterval;
  return [
    ...times.map((time) => [
      pair,
      metricTitle(METRICS[time.metric]),
      `×${formatNumber(time.ratio, 3)}`,
      time.low === null ? '–' : `×${formatNumber(time.low, 3)} to ×${formatNumber(time.high!, 3)}`,
      probability(time.correctedPValue),
      probability(time.biasPValue),
      verdict(comparison, time),
    ]),
    [
      pair,
      'Accuracy (points)',
      points(accuracy.difference),
      interval ? `${points(interval.low)} to ${points(interval.high)}` : '–',
      probability(accuracy.correctedPValue),
      '–',
      verdict(comparison, accuracy),
    ],
  ];
}

function imageRow(comparison: AdapterComparison): string[] {
  const { imageInterval, perSeed } = comparison.accuracy;
  return [
    pairTitle(comparison),
    points(imageInterval.mean),
    `${points(imageInterval.low)} to ${points(imageInterval.high)}`,
    perSeed
      .map(
        ({ seed, onlyLeftRight, onlyRightRight, pValue }) =>
          `seed ${seed}: ${onlyLeftRight}, ${onlyRightRight} (p ${probability(pValue)})`,
      )
      .join('; '),
  ];
}

function pairTitle({ left, right }: AdapterComparison): string {
  return `${contenderTitle(left)} against ${contenderTitle(right)}`;
}

function verdict(
  comparison: AdapterComparison,
  { winner, undecidedBecause }: Pick<TimeComparison, 'winner' | 'undecidedBecause'>,
): string {
  if (winner) return `${contenderTitle(comparison[winner])} is better`;
  return `undecided: ${undecidedBecause!.replaceAll('-', ' ')}`;
}

function probability(value: number | null): string {
  if (value === null) return '–';
  return value < 0.001 ? '< 0.001' : formatNumber(value, 3);
}

function points(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${formatNumber(fraction * 100, 2)}`;
}
