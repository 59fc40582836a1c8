import { readResults } from '@dlcmp/bench-core';
import { createReport, githubAnnotations } from '@dlcmp/report';
import type { Command } from 'commander';
import { addLayoutOptions, type LayoutFlags } from '../options/layout-options';
import { findDataset } from '../prepare/find-dataset';
import { printResults } from '../results/print-results';
import { REPORT_FILES, writeReport } from '../results/write-report';

interface ReportFlags extends LayoutFlags {
  readonly data?: string;
  readonly githubAnnotations?: boolean;
}

const EXAMPLES = `
Examples:
  $ dlcmp report results/latest
  $ dlcmp report results/latest --data photographs
  $ dlcmp report results/latest --github-annotations && cat results/latest/summary.md >> "$GITHUB_STEP_SUMMARY"
`;

export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .summary('draw the report of a run again')
    .description(`Rebuilds ${REPORT_FILES} from results.json and prints the table.`)
    .argument('<dir>', 'folder that holds results.json')
    .option(
      '--data <sample|intel|PATH>',
      'images for the gallery (default: the run’s, where found)',
    );
  addLayoutOptions(command)
    .option('--github-annotations', 'print failures and warnings as GitHub shows them')
    .addHelpText('after', EXAMPLES)
    .action(report);
}

async function report(directory: string, flags: ReportFlags): Promise<void> {
  const results = await readResults(directory);
  const drawn = createReport(results);
  await writeReport(directory, drawn, await findDataset(results, flags));
  if (flags.githubAnnotations) {
    process.stdout.write(githubAnnotations(drawn));
  } else printResults(drawn);
}
