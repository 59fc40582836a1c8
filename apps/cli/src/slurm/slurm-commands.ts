import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DlcmpError } from '@dlcmp/contract';

const run = promisify(execFile);

/** One task of an array that Slurm has not forgotten: it waits, runs or ends. */
export interface QueuedTask {
  /** Its number in the array. */
  readonly task: number;
  /** As Slurm calls it: `RUNNING`, `PENDING`, … */
  readonly state: string;
  /** Empty while it waits. */
  readonly node: string;
}

/**
 * Submits `script` and answers the array's job id.
 *
 * @throws `INVALID_ARGUMENT` where there is no `sbatch`, or it refuses, with its words
 */
export async function submitArray(script: string, options: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('sbatch', ['--parsable', ...options, script]);
    // `JOB`, and in a federation `JOB;CLUSTER`.
    return stdout.trim().split(';')[0] as string;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw missing(cause);
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `sbatch refused the study: ${words(cause)}. Name what your cluster wants by --slurm-option, e.g. --slurm-option --partition=NAME ("sinfo" lists them).`,
      { cause },
    );
  }
}

/**
 * The tasks of an array that are in the queue; none where all have ended. Undefined where Slurm does not answer at the moment.
 *
 * @throws `INVALID_ARGUMENT` where there is no `squeue`
 */
export async function queuedTasks(job: string): Promise<QueuedTask[] | undefined> {
  try {
    const { stdout } = await run('squeue', [
      ...[`--jobs=${job}`, '--array', '--noheader'],
      '--format=%K|%T|%N',
    ]);
    return stdout.split('\n').filter(Boolean).map(parseTask);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw missing(cause);
    // Of an array that ended a while ago.
    return /Invalid job id/i.test(words(cause)) ? [] : undefined;
  }
}

function parseTask(line: string): QueuedTask {
  const [task = '', state = '', node = ''] = line.split('|');
  return { task: Number(task), state, node };
}

/** Job id of the array of that name which is in the queue; undefined where none is. */
export async function arrayNamed(name: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('squeue', [`--name=${name}`, '--noheader', '--format=%F']);
    return stdout.trim().split('\n').filter(Boolean)[0];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw missing(cause);
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `Slurm does not say whether the study was submitted already: ${words(cause)}. Try again when "squeue" answers.`,
      { cause },
    );
  }
}

export async function cancelArray(job: string): Promise<void> {
  await run('scancel', [job]);
}

function missing(cause: unknown): DlcmpError {
  return new DlcmpError(
    'INVALID_ARGUMENT',
    '--runner slurm needs Slurm’s commands (sbatch, squeue, scancel), and they are not on the PATH. Run it on a login node of the cluster; without Slurm use --shard and "dlcmp merge", as docs/clusters.md shows.',
    { cause },
  );
}

function words(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  return (stderr?.trim() || message).replace(/\s+/g, ' ').replace(/\.$/, '');
}
