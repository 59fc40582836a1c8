import {
  type BenchResults,
  type Contender,
  groupByContender,
  incompleteSeeds,
  METRICS,
  type MetricDefinition,
  meanInterval,
  metricTitle,
  outcomeWithoutFigures,
  STUDY_METRICS,
} from '@dlcmp/bench-core/results';
import { formatNumber } from './format-number';
import { printable } from './printable';
import {
  describeDataset,
  describeMachine,
  describeTraining,
  incomparableWarning,
} from './run-facts';
import { renderTextTable, type TextColumn, tableWidth } from './text-table';
import { wrapWords } from './wrap-words';

const COLUMNS: readonly TextColumn[] = [
  { title: 'Framework', width: 27, align: 'left' },
  ...STUDY_METRICS.map(
    (metric): TextColumn => ({
      title: metricTitle(metric),
      width: metric === METRICS.totalSeconds ? 12 : 11,
      align: 'right',
    }),
  ),
];

/**
 * The comparison for a terminal, at most 80 columns wide, in the original study's columns: one row
 * per adapter and backend, in running order (nothing is ranked). Over several seeds a figure is
 * mean ± half-width of the 95% t-interval. Failures and the adapters' notes follow below.
 */
export function renderStudyTable(results: BenchResults): string {
  const contenders = groupByContender(results);
  const rows = contenders.map((contender) => [
    rowTitle(contender),
    ...STUDY_METRICS.map((metric) => cell(contender, metric)),
  ]);
  const warning = incomparableWarning(results);
  const lines = [
    'FINAL BENCHMARK RESULTS',
    ...(warning ? wrapLine(warning) : []),
    ...wrapLine(`${results.dataset.name}: ${describeDataset(results)}`),
    ...wrapLine(describeTraining(results)),
    ...wrapLine(describeMachine(results)),
    renderTextTable(COLUMNS, rows),
    ...footnotes(contenders).flatMap(wrapLine),
  ];
  return printable(lines.join('\n'));
}

function rowTitle(contender: Contender): string {
  const seeds = incompleteSeeds(contender);
  return `${contender.displayName} on ${contender.backend}${seeds ? `, ${seeds}` : ''}`;
}

function cell(contender: Contender, metric: MetricDefinition): string {
  if (contender.completed.length === 0) return outcomeWithoutFigures(contender);
  const { mean, halfWidth } = meanInterval(contender.completed.map(metric.value));
  const figure = formatNumber(mean, metric.digits);
  return halfWidth === null ? figure : `${figure}\n± ${formatNumber(halfWidth, metric.digits)}`;
}

function footnotes(contenders: readonly Contender[]): string[] {
  const hasIntervals = contenders.some(({ completed }) => completed.length > 1);
  return [
    ...(hasIntervals ? ['±: half-width of the 95% t-interval of the mean over seeds.'] : []),
    ...contenders.flatMap(({ unfinished }) =>
      unfinished.map(
        ({ displayName, backend, seed, status, error }) =>
          `${displayName} on ${backend}, seed ${seed}, ${status} (${error.code}): ${error.message}`,
      ),
    ),
    ...contenders.flatMap(({ displayName, completed }) =>
      [...new Set(completed.flatMap((trial) => trial.notes))].map(
        (note) => `${displayName}: ${note}`,
      ),
    ),
  ];
}

function wrapLine(text: string): string[] {
  return wrapWords(text, tableWidth(COLUMNS));
}
