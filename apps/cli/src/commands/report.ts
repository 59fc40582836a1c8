import { readResults } from '@dlcmp/bench-core';
import type { Command } from 'commander';
import { printResults } from '../results/print-results';
import { writeReport } from '../results/write-report';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .summary('draw the report of a run again')
    .description(
      'Rebuilds benchmark.png and predictions.csv from results.json and prints the table.',
    )
    .argument('<dir>', 'folder that holds results.json')
    .addHelpText('after', '\nExample:\n  $ dlcmp report results/latest\n')
    .action(async (directory: string) => {
      const results = await readResults(directory);
      await writeReport(directory, results);
      printResults(results);
    });
}
