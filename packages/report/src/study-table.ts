import {
  type BenchResults,
  type CompletedTrial,
  contenderTitle,
  incompleteSeeds,
  type MetricId,
  metricTitle,
  outcomeWithoutFigures,
  type RunMetrics,
  STUDY_METRICS,
} from '@dlcmp/bench-core/results';
import { counted, printable } from '@dlcmp/contract';
import { formatFigure } from './format-number';
import type { Report, ReportedContender, ReportedMachine } from './report';
import {
  describeDataset,
  describeMachine,
  describeOneMachine,
  describeTraining,
  incomparableWarning,
  machineName,
} from './run-facts';
import { renderTextTable, type TextColumn, tableWidth } from './text-table';
import { whatComputes } from './what-computes';
import { wrapWords } from './wrap-words';

const IDS = STUDY_METRICS.map(({ id }) => id as MetricId);

/**
 * The comparison for a terminal, at most 80 columns wide, in the original study's columns: one row
 * per adapter and backend, in running order (nothing is ranked). Over several seeds a figure is
 * mean ± half-width of the 95% t-interval. Several machines have a table each. Failures and the adapters' notes follow below.
 */
export function renderStudyTable(report: Report): string {
  const { results, contenders, machines, metrics, datasetName } = report;
  const columns = columnsOf(metrics);
  const wrapLine = (text: string) => wrapWords(text, tableWidth(columns));
  const warning = incomparableWarning(report);
  const lines = [
    'FINAL BENCHMARK RESULTS',
    ...(warning ? wrapLine(warning) : []),
    ...wrapLine(`${datasetName}: ${describeDataset(results)}`),
    ...wrapLine(describeTraining(results)),
    ...wrapLine(describeMachine(results)),
    ...(machines.length === 0
      ? [renderTextTable(columns, rowsOf(contenders, metrics))]
      : machines.flatMap((each) => [
          ...wrapLine(machineTitle(each, results)),
          renderTextTable(columns, rowsOf(each.contenders, metrics)),
        ])),
    ...footnotes(report).flatMap(wrapLine),
  ];
  return printable(lines.join('\n'));
}

function rowsOf(contenders: readonly ReportedContender[], metrics: RunMetrics): string[][] {
  return contenders.map((contender) => [
    rowTitle(contender),
    ...IDS.map((id) => cell(contender, id, metrics)),
  ]);
}

/** `On node1, seeds 1, 4: AMD EPYC …` */
export function machineTitle({ machine, seeds }: ReportedMachine, results: BenchResults): string {
  const ofSeeds = `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`;
  return `On ${machineName(machine)}, ${ofSeeds}: ${describeOneMachine(machine, results)}`;
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

function footnotes({ contenders, hasSpread }: Report): string[] {
  return [
    ...contenders.flatMap(({ completed }) => completed.map(whatIsInferred)).slice(0, 1),
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

function whatIsInferred({ testCount, inferenceBatchSize }: CompletedTrial): string {
  return `Inference Time: all ${counted(testCount, 'test image')}, in batches of ${inferenceBatchSize}.`;
}

/** Of a run that was broken off. */
function missingTrials({ title, missingSeeds }: ReportedContender): string[] {
  if (missingSeeds.length === 0) return [];
  const seeds = `${missingSeeds.length === 1 ? 'seed' : 'seeds'} ${missingSeeds.join(', ')}`;
  return [`${title}, ${seeds}: not run, as the run was broken off before.`];
}
