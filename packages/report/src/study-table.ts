import {
  contenderTitle,
  incompleteSeeds,
  type MetricId,
  metricTitle,
  outcomeWithoutFigures,
  type RunMetrics,
  STUDY_METRICS,
} from '@dlcmp/bench-core/results';
import { printable } from '@dlcmp/contract';
import { formatFigure } from './format-number';
import type { Report, ReportedContender } from './report';
import {
  describeDataset,
  describeMachine,
  describeTraining,
  incomparableWarning,
} from './run-facts';
import { renderTextTable, type TextColumn, tableWidth } from './text-table';
import { whatComputes } from './what-computes';
import { wrapWords } from './wrap-words';

const IDS = STUDY_METRICS.map(({ id }) => id as MetricId);

/**
 * The comparison for a terminal, at most 80 columns wide, in the original study's columns: one row
 * per adapter and backend, in running order (nothing is ranked). Over several seeds a figure is
 * mean ± half-width of the 95% t-interval. Failures and the adapters' notes follow below.
 */
export function renderStudyTable(report: Report): string {
  const { results, contenders, metrics, hasSpread, datasetName } = report;
  const rows = contenders.map((contender) => [
    rowTitle(contender),
    ...IDS.map((id) => cell(contender, id, metrics)),
  ]);
  const columns = columnsOf(metrics);
  const wrapLine = (text: string) => wrapWords(text, tableWidth(columns));
  const warning = incomparableWarning(report);
  const lines = [
    'FINAL BENCHMARK RESULTS',
    ...(warning ? wrapLine(warning) : []),
    ...wrapLine(`${datasetName}: ${describeDataset(results)}`),
    ...wrapLine(describeTraining(results)),
    ...wrapLine(describeMachine(results)),
    renderTextTable(columns, rows),
    ...footnotes(contenders, hasSpread).flatMap(wrapLine),
  ];
  return printable(lines.join('\n'));
}

function columnsOf(metrics: RunMetrics): TextColumn[] {
  return [
    { title: 'Framework', width: 27, align: 'left' },
    ...IDS.map(
      (id): TextColumn => ({
        title: metricTitle(metrics[id]),
        width: id === 'totalSeconds' ? 12 : 11,
        align: 'right',
      }),
    ),
  ];
}

function rowTitle(contender: ReportedContender): string {
  const seeds = incompleteSeeds(contender);
  return `${contender.title}${seeds ? `, ${seeds}` : ''}`;
}

function cell(contender: ReportedContender, id: MetricId, metrics: RunMetrics): string {
  if (!contender.figures) return outcomeWithoutFigures(contender);
  const { mean, halfWidth } = contender.figures[id];
  const figure = formatFigure(mean, metrics[id]);
  return halfWidth === null ? figure : `${figure}\n± ${formatFigure(halfWidth, metrics[id], mean)}`;
}

function footnotes(contenders: readonly ReportedContender[], hasSpread: boolean): string[] {
  return [
    ...(hasSpread ? ['±: half-width of the 95% t-interval of the mean over seeds.'] : []),
    ...whatComputes(contenders).map(({ title, sentence }) => `${title}: ${sentence}.`),
    ...contenders.flatMap(missingTrials),
    ...contenders.flatMap(({ unfinished }) =>
      unfinished.map(
        (trial) =>
          `${contenderTitle(trial)}, seed ${trial.seed}, ${trial.status} (${trial.error.code}): ${trial.error.message}`,
      ),
    ),
    ...contenders.flatMap(({ title, completed }) =>
      [...new Set(completed.flatMap((trial) => trial.notes))].map((note) => `${title}: ${note}`),
    ),
  ];
}

/** Of a run that was broken off. */
function missingTrials({ title, missingSeeds }: ReportedContender): string[] {
  if (missingSeeds.length === 0) return [];
  const seeds = `${missingSeeds.length === 1 ? 'seed' : 'seeds'} ${missingSeeds.join(', ')}`;
  return [`${title}, ${seeds}: not run, as the run was broken off before.`];
}
