import {
  type BenchResults,
  claimOutputFolder,
  type MergedStudy,
  mergeResults,
  readResults,
  writeResults,
} from '@dlcmp/bench-core';
import { counted } from '@dlcmp/contract';
import { createReport } from '@dlcmp/report';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { assertNoRun, removeRun } from '../prepare/earlier-run';
import { findDataset } from '../prepare/find-dataset';
import { runFolders } from '../prepare/run-folders';
import { printResults } from '../results/print-results';
import { REPORT_FILES, writeReport } from '../results/write-report';

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

/** Writes and prints a merged study; answers the exit status. */
export async function writeStudy(study: MergedStudy, out: string): Promise<number> {
  const release = await claimOutputFolder(out);
  try {
    await removeRun(out);
    await writeResults(out, study.results);
    const report = createReport(study.results);
    await writeReport(out, report, await findDataset(study.results, {}));
    printResults(report);
    process.stderr.write(remarks(study));
    process.stderr.write(`\nWritten to ${out}\n`);
  } finally {
    await release();
  }
  return study.missing.length === 0 && isSound(study.results) ? EXIT.success : EXIT.failure;
}

function isSound({ trials }: BenchResults): boolean {
  return trials.every((trial) => trial.status === 'completed' && trial.comparable !== false);
}

function remarks({ repeated, missing }: MergedStudy): string {
  const lines = [
    ...repeated.map(
      ({ seed, kept, dropped }) =>
        `Seed ${seed} was run more than once: kept from ${kept}, left out of ${dropped.join(', ')}.`,
    ),
    ...missing.map(
      ({ seed, contenders, command }) =>
        `Missing: seed ${seed} of ${contenders.join(', ')}. To run it:\n  ${command}`,
    ),
    ...(missing.length > 0
      ? [`${counted(missing.length, 'block')} missing: run them, and merge them with the others.`]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
