import {
  type BenchResults,
  contenderTitle,
  groupByContender,
  METRICS,
  type MetricDefinition,
  meanInterval,
  readResults,
} from '@dlcmp/bench-core';
import { printableName } from '@dlcmp/contract';
import { formatFigure, renderTextTable } from '@dlcmp/report';
import type { Command } from 'commander';
import { runFolders } from '../prepare/run-folders';

const COLUMNS = [
  { metric: METRICS.accuracyPercent, title: 'Accuracy (%)' },
  { metric: METRICS.trainSeconds, title: 'Training (s)' },
  { metric: METRICS.inferenceSeconds, title: 'Infer. (s)' },
];

export function addHistoryCommand(program: Command): void {
  program
    .command('history')
    .summary('list runs over time')
    .description(
      'Prints a line for each adapter of each run, oldest first: means over the seeds. "dlcmp compare" says whether a difference is one.',
    )
    .argument('<dir...>', 'folders that hold results.json')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ dlcmp history results/*\n')
    .action(history);
}

interface HistoryLine {
  readonly startedAt: string;
  readonly directory: string;
  readonly framework: string;
  readonly seeds: number;
  readonly figures: readonly (number | null)[];
}

async function history(directories: string[], { json }: { json?: boolean }): Promise<void> {
  const runs = await Promise.all(
    runFolders(directories).map(async (directory) => ({
      directory,
      results: await readResults(directory),
    })),
  );
  const lines = runs
    .sort((a, b) => a.results.startedAt.localeCompare(b.results.startedAt))
    .flatMap(({ directory, results }) => historyLines(directory, results));
  process.stdout.write(json ? `${JSON.stringify(lines, null, 2)}\n` : `${table(lines)}\n`);
}

function historyLines(directory: string, results: BenchResults): HistoryLine[] {
  return groupByContender(results).map(({ completed, ...contender }) => ({
    startedAt: results.startedAt,
    directory,
    framework: contenderTitle(contender),
    seeds: completed.length,
    figures: COLUMNS.map(({ metric }) => mean(completed.map(metric.value))),
  }));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : meanInterval(values).mean;
}

function table(lines: readonly HistoryLine[]): string {
  return renderTextTable(
    [
      { title: 'Run', width: 18, align: 'left' },
      { title: 'Framework', width: 20, align: 'left' },
      { title: 'Seeds', width: 5, align: 'right' },
      ...COLUMNS.map(({ title }) => ({ title, width: 8, align: 'right' as const })),
    ],
    lines.map(({ startedAt, directory, framework, seeds, figures }) => [
      `${startedAt.slice(0, 16).replace('T', ' ')}\n${printableName(directory)}`,
      framework,
      String(seeds),
      ...figures.map((value, i) => cell(value, COLUMNS[i]!.metric)),
    ]),
  );
}

function cell(value: number | null, metric: MetricDefinition): string {
  return value === null ? '–' : formatFigure(value, metric);
}
