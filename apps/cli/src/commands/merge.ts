import { mergeResults, readResults } from '@dlcmp/bench-core';
import type { Command } from 'commander';
import { assertNoRun } from '../prepare/earlier-run';
import { runFolders } from '../prepare/run-folders';
import { REPORT_FILES } from '../results/write-report';
import { writeStudy } from '../results/write-study';

interface MergeFlags {
  readonly out: string;
  readonly force?: boolean;
}

const EXAMPLES = `
A block is all contenders of one seed, which ran on one machine. One that several folders hold is kept
once, from where it was completed first. Exits 1 where a block is missing or a trial failed.

Examples:
  $ dlcmp bench --seeds 6 --shard 1/3 --out results/part-1      on one machine, 2/3 and 3/3 on others
  $ dlcmp merge results/part-* --out results/study
`;

export function addMergeCommand(program: Command): void {
  program
    .command('merge')
    .summary('join the parts of a study that ran on several machines')
    .description(
      `Joins shards and extensions of one study, whichever machines they ran on, and writes results.json, ${REPORT_FILES} to --out. Refuses what was run with other options, images or versions.`,
    )
    .argument('<dir...>', 'folders that hold results.json')
    .requiredOption('--out <DIR>', 'where the joined results go')
    .option('--force', 'replace the run that --out holds')
    .addHelpText('after', EXAMPLES)
    .action(async (directories: string[], flags: MergeFlags) => {
      process.exitCode = await merge(directories, flags);
    });
}

async function merge(directories: string[], { out, force }: MergeFlags): Promise<number> {
  const parts = await Promise.all(
    runFolders(directories).map(async (directory) => ({
      directory,
      results: await readResults(directory),
    })),
  );
  const study = mergeResults(parts, out);
  if (!force) await assertNoRun(out);
  return writeStudy(study, out);
}
