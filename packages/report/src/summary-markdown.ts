import {
  type BenchResults,
  type Contender,
  collectWarnings,
  groupByContender,
  METRICS,
  type MetricDefinition,
  meanInterval,
  metricTitle,
  outcomeWithoutFigures,
  STUDY_METRICS,
} from '@dlcmp/bench-core/results';
import { answerOf } from './answer';
import { contenderTitle } from './charts/report-chart';
import { formatNumber } from './format-number';
import { nodeAgainstPythonTable } from './node-against-python-words';

import { printable } from './printable';
import { describeDataset, describeMachine, describeTraining } from './run-facts';
import { timeToAccuracySentence } from './time-to-accuracy-words';

const COLUMNS: readonly MetricDefinition[] = [...STUDY_METRICS, METRICS.peakMemoryMiB];

/** `summary.md`: the answer and the table, for a README or a pull request. */
export function summaryMarkdown(results: BenchResults): string {
  const { headline, margins } = answerOf(results);
  const warnings = collectWarnings(results);
  const reached = timeToAccuracySentence(results);
  const blocks = [
    `### dlcmp: data set ${plain(results.dataset.name)}`,
    plain(headline),
    ...list(margins),
    table(results),
    ...nodeAgainstPython(results),
    ...(reached ? [plain(reached)] : []),
    ...list(warnings.map(({ message, advice }) => `⚠ ${message} ${advice}`)),
    `<sub>${[describeDataset, describeTraining, describeMachine].map((fact) => plain(fact(results))).join('. ')}. ± is the half-width of the 95% t-interval over seeds.</sub>`,
  ];
  return `${printable(blocks.join('\n\n'))}\n`;
}

function table(results: BenchResults): string {
  const rows = groupByContender(results).map((contender) => [
    plain(contenderTitle(contender)),
    ...COLUMNS.map((metric) => cell(contender, metric)),
  ]);
  return markdownTable(['Framework', ...COLUMNS.map(metricTitle)], rows);
}

function nodeAgainstPython(results: BenchResults): string[] {
  const { columns, rows } = nodeAgainstPythonTable(results);
  if (rows.length === 0) return [];
  return [
    'Times of Node.js over those of Python, with 95% intervals over seeds; below 1, Node.js took less:',
    markdownTable(
      columns,
      rows.map((row) => row.map(plain)),
    ),
  ];
}

/** Of cells that are Markdown already; all columns but the first are figures. */
function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell({ completed, unfinished, ...rest }: Contender, metric: MetricDefinition): string {
  if (completed.length === 0) return outcomeWithoutFigures({ completed, unfinished, ...rest });
  const { mean, halfWidth } = meanInterval(completed.map(metric.value));
  const figure = formatNumber(mean, metric.digits);
  return halfWidth === null ? figure : `${figure} ± ${formatNumber(halfWidth, metric.digits)}`;
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
