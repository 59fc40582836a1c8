import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { mergeResults, RESULTS_FILE_NAME, readResults } from '@dlcmp/bench-core';
import { counted } from '@dlcmp/contract';
import { EXIT } from '../exit-codes';
import { printJsonEvent } from '../progress/json-events';
import { writeStudy } from '../results/write-study';
import { arrayOptions, writeBlockScript } from './block-script';
import { type Block, describeBlocks } from './block-states';
import { describeLostBlock } from './lost-blocks';
import { arrayNamed, cancelArray, queuedTasks, submitArray } from './slurm-commands';
import { openStudy, type SlurmStudy, writeStudyFile } from './study-file';
import { readBlocks, watchBlocks } from './watch-blocks';

export interface SlurmRun {
  /** Absolute. */
  readonly directory: string;
  /** Of `dlcmp bench`, as each block gets them. */
  readonly options: readonly string[];
  readonly seeds: readonly number[];
  readonly needsGpu: boolean;
  /** Further options of `sbatch`. */
  readonly slurmOptions: readonly string[];
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/**
 * Has Slurm run each block on a machine of its own, watches, and merges what came of it. Where an array of the same study is in the
 * queue already it is watched; where blocks are missing and none is, they alone are submitted.
 *
 * @returns the exit status; undefined where it was interrupted
 */
export async function runOnSlurm(run: SlurmRun, signal: AbortSignal): Promise<number | undefined> {
  const tell = run.quiet ? () => {} : (text: string) => process.stderr.write(`${text}\n`);
  let study = await openStudy(run);
  const blocks = await readBlocks(study, []);
  if (!blocks.every(({ state }) => state === 'done')) {
    study = await submitted(study, blocks, run, tell);
    const job = study.job as string;
    const show = (now: readonly Block[]) => showBlocks(now, run, tell);
    const ended = await watchBlocks(study, job, signal, show);
    if (signal.aborted) {
      await offerCancel(job, ended, tell);
      return undefined;
    }
    show(ended);
  }
  return conclude(study, tell);
}

/** `study` with an array that is in the queue: the one that it has, or a new one of what is missing. */
async function submitted(
  study: SlurmStudy,
  blocks: readonly Block[],
  { needsGpu, slurmOptions }: SlurmRun,
  tell: (text: string) => void,
): Promise<SlurmStudy> {
  const known = study.job ?? (await arrayNamed(study.name));
  const queue = known === undefined ? [] : await queuedTasks(known);
  if (known !== undefined && queue?.length !== 0) {
    tell(`Array ${known} of this study is in Slurm's queue: watching it.`);
    const found = { ...study, job: known };
    await writeStudyFile(found);
    return found;
  }
  const missing = blocks.filter(({ state }) => state !== 'done').map(({ number }) => number);
  // Written first: whoever comes after a crash between the two finds the array by its name.
  await writeStudyFile({ ...study, job: undefined });
  const script = await writeBlockScript(study, [process.execPath, process.argv[1] as string]);
  const job = await submitArray(script, arrayOptions(study, missing, needsGpu, slurmOptions));
  const next = { ...study, job };
  await writeStudyFile(next);
  tell(`Submitted ${counted(missing.length, 'block')} to Slurm as array ${job}.`);
  return next;
}

function showBlocks(
  blocks: readonly Block[],
  { json }: SlurmRun,
  tell: (text: string) => void,
): void {
  tell(describeBlocks(blocks, Date.now()));
  if (!json) return;
  const states = blocks.map(({ number, seed, state, node }) => ({ number, seed, state, node }));
  printJsonEvent({ event: 'blocks', at: new Date().toISOString(), blocks: states });
}

/** Ctrl-C ends watching; the blocks only where the user says so. */
async function offerCancel(
  job: string,
  blocks: readonly Block[],
  tell: (text: string) => void,
): Promise<void> {
  const open = blocks.filter(({ state }) => state === 'running' || state === 'waiting').length;
  if (process.stdin.isTTY && process.stderr.isTTY && open > 0) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(
      `\nCancel ${counted(open, 'block')} that wait or run as array ${job}? [y/N] `,
    );
    terminal.close();
    if (/^y(es)?$/i.test(answer.trim())) {
      await cancelArray(job);
      tell('Cancelled. The same command goes on with what is missing.');
      return;
    }
  }
  tell(
    `Array ${job} goes on without being watched: the same command watches it again, "scancel ${job}" ends it.`,
  );
}

async function conclude(study: SlurmStudy, tell: (text: string) => void): Promise<number> {
  const blocks = await readBlocks(study, []);
  const lost = blocks.filter(({ state }) => state !== 'done');
  for (const block of lost) tell(`${await describeLostBlock(study, block)}.`);
  if (lost.length > 0) tell('The same command submits what is missing again.');
  const folders = blocks
    .flatMap(({ attempts }) => attempts.map(({ directory }) => directory))
    .filter((directory) => existsSync(join(directory, RESULTS_FILE_NAME)));
  if (folders.length === 0) return EXIT.failure;
  const parts = await Promise.all(
    folders.map(async (directory) => ({
      directory: relative('.', directory),
      results: await readResults(directory),
    })),
  );
  const { directory } = study;
  return writeStudy(mergeResults(parts, relative('.', directory)), directory);
}
