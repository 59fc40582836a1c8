import { existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BenchResults, RESULTS_FILE_NAME, readResults } from '@dlcmp/bench-core';
import { DlcmpError, isDlcmpError } from '@dlcmp/contract';

/** Where a bench goes that names no folder. */
export const DEFAULT_OUT = 'results/latest';

/** What a bench and its report leave in a folder. */
const RUN_ENTRIES: readonly string[] = [
  RESULTS_FILE_NAME,
  'models',
  'charts',
  'report.html',
  'benchmark.png',
  'summary.md',
  'trials.csv',
  'predictions.csv',
  'junit.xml',
];

/**
 * Refuses a folder that holds a run with something finished, which another run would replace.
 *
 * @throws `INVALID_ARGUMENT` naming the run and the options there are
 */
export async function assertNoRun(directory: string): Promise<void> {
  if (!(await holdsRun(directory))) return;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--out ${directory} holds a run: ${await describeRun(directory)}. Go on with it by --resume, choose another --out, or replace it by --force.`,
  );
}

/**
 * Takes a run with something finished out of the way: into a folder beside `directory`, named after the time at which it began.
 *
 * @returns where it is now; undefined where there was none
 */
export async function moveRunAside(directory: string): Promise<string | undefined> {
  if (!(await holdsRun(directory))) return undefined;
  const target = await freeName(join(dirname(directory), await nameOfRun(directory)));
  await rename(directory, target);
  return target;
}

/** Removes what a run left in `directory`, and nothing else. */
export async function removeRun(directory: string): Promise<void> {
  for (const entry of RUN_ENTRIES) {
    await rm(join(directory, entry), { recursive: true, force: true });
  }
}

/** Results that can't be read may hold something finished: they count. */
async function holdsRun(directory: string): Promise<boolean> {
  if (!existsSync(join(directory, RESULTS_FILE_NAME))) return false;
  const results = await readableResults(directory);
  return !results || results.trials.some(({ status }) => status === 'completed');
}

async function describeRun(directory: string): Promise<string> {
  const results = await readableResults(directory);
  if (!results) return `its ${RESULTS_FILE_NAME} was written by another version, or is damaged`;
  const completed = results.trials.filter(({ status }) => status === 'completed').length;
  const date = results.startedAt.slice(0, 16).replace('T', ' ');
  return `begun ${date} UTC, ${completed} of its trials completed`;
}

/** `2026-01-31-235959`, in UTC. */
async function nameOfRun(directory: string): Promise<string> {
  const results = await readableResults(directory);
  const { mtime } = await stat(join(directory, RESULTS_FILE_NAME));
  const time = results?.startedAt ?? mtime.toISOString();
  return time.slice(0, 19).replace('T', '-').replaceAll(':', '');
}

async function freeName(path: string): Promise<string> {
  if (!existsSync(path)) return path;
  let number = 2;
  while (existsSync(`${path}-${number}`)) number++;
  return `${path}-${number}`;
}

async function readableResults(directory: string): Promise<BenchResults | undefined> {
  try {
    return await readResults(directory);
  } catch (error) {
    if (isDlcmpError(error, 'INVALID_FILE')) return undefined;
    throw error;
  }
}
