import {
  type BenchResults,
  claimOutputFolder,
  type MergedStudy,
  writeResults,
} from '@dlcmp/bench-core';
import { counted } from '@dlcmp/contract';
import { createReport } from '@dlcmp/report';
import { EXIT } from '../exit-codes';
import { removeRun } from '../prepare/earlier-run';
import { findDataset } from '../prepare/find-dataset';
import { printResults } from './print-results';
import { writeReport } from './write-report';

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
