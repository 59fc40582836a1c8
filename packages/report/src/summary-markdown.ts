import {
  type MetricId,
  metricTitle,
  outcomeWithoutFigures,
  type RunMetrics,
  STUDY_METRICS,
} from '@dlcmp/bench-core/results';
import { printable } from '@dlcmp/contract';
import type { ChartTable } from './charts/report-chart';
import {
  deploymentSentence,
  deploymentTable,
  environmentsSentence,
  environmentsTable,
  pruneCommands,
} from './deployment-table';
import { formatFigure } from './format-number';
import { nodeAgainstPythonTable } from './node-against-python-words';
import type { Report, ReportedContender } from './report';
import { describeDataset, describeMachine, describeTraining } from './run-facts';
import { serverSentence, serverTable } from './server-table';
import { soakSentence, soakTable } from './soak-table';
import { machineTitle } from './study-table';
import { timeToAccuracySentence } from './time-to-accuracy-words';
import { whatComputes } from './what-computes';

const COLUMNS = [...STUDY_METRICS.map(({ id }) => id as MetricId), 'peakMemoryMiB'] as const;

/** `summary.md`: the answer and the table, for a README or a pull request. */
export function summaryMarkdown(report: Report): string {
  const { results, warnings, datasetName } = report;
  const { headline, margins, conclusion } = report.answer;
  const reached = timeToAccuracySentence(report);
  const blocks = [
    `### dlcmp: data set ${plain(datasetName)}`,
    plain(headline),
    ...list(margins.length > 0 ? margins : conclusion ? [conclusion] : []),
    ...tables(report),
    ...list(whatComputes(report.contenders).map(({ title, sentence }) => `${title}: ${sentence}.`)),
    ...nodeAgainstPython(report),
    ...scenario(serverTable(report), serverSentence(report)),
    ...scenario(soakTable(report), soakSentence(report)),
    ...scenario(deploymentTable(report), deploymentSentence(report)),
    ...commands(pruneCommands(report)),
    ...scenario(environmentsTable(report), environmentsSentence('report.html')),
    ...(reached ? [plain(reached)] : []),
    ...list(warnings.map(({ message, advice }) => `⚠ ${message} ${advice}`)),
    `<sub>${[describeDataset, describeTraining, describeMachine].map((fact) => plain(fact(results))).join('. ')}.${report.hasSpread ? ' ± is the half-width of the 95% t-interval over seeds.' : ''}</sub>`,
  ];
  return `${printable(blocks.join('\n\n'))}\n`;
}

function tables({ results, contenders, machines, metrics }: Report): string[] {
  if (machines.length === 0) return [table({ contenders, metrics })];
  return machines.flatMap((machine) => [
    plain(machineTitle(machine, results)),
    table({ contenders: machine.contenders, metrics }),
  ]);
}

function table({ contenders, metrics }: Pick<Report, 'contenders' | 'metrics'>): string {
  const rows = contenders.map((contender) => [
    plain(contender.title),
    ...COLUMNS.map((id) => cell(contender, id, metrics)),
  ]);
  return markdownTable(['Framework', ...COLUMNS.map((id) => metricTitle(metrics[id]))], rows);
}

function nodeAgainstPython(report: Report): string[] {
  const { columns, rows } = nodeAgainstPythonTable(report);
  if (rows.length === 0) return [];
  return [
    'Times of Node.js over those of Python, with 95% intervals over seeds; below 1, Node.js took less:',
    markdownTable(
      columns,
      rows.map((row) => row.map(plain)),
    ),
  ];
}

function scenario({ columns, rows }: ChartTable, sentence: string | undefined): string[] {
  if (rows.length === 0) return [];
  return [
    plain(sentence ?? 'A scenario that came to no end:'),
    markdownTable(
      columns,
      rows.map((row) => columns.map((_, column) => plain(row[column] ?? ''))),
    ),
  ];
}

function commands(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const code = ['```sh', ...lines, '```'].join('\n');
  return [`What can be left out, in the folder above node&#95;modules:\n\n${code}`];
}

/** Of cells that are Markdown already; all columns but the first are figures. */
function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(contender: ReportedContender, id: MetricId, metrics: RunMetrics): string {
  if (!contender.figures) return outcomeWithoutFigures(contender);
  const { mean, halfWidth } = contender.figures[id];
  const figure = formatFigure(mean, metrics[id]);
  return halfWidth === null ? figure : `${figure} ± ${formatFigure(halfWidth, metrics[id], mean)}`;
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${plain(item)}`).join('\n')];
}

/** Text of which Markdown makes nothing else: no markup, table, link or mention. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
