import { open, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { assertArgument, DlcmpError, makeFolder } from '@dlcmp/contract';
import { describeFileError } from './file-errors';

const LOCK_FILE_NAME = '.dlcmp-lock';

/** Who holds an output folder. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Makes `directory`, sees that it can be written, and keeps other runs out of it until the returned
 * function is called. The lock of a run that was killed is taken over.
 *
 * @throws `INVALID_ARGUMENT` naming the folder and why it can't be used
 */
export async function claimOutputFolder(directory: string): Promise<() => Promise<void>> {
  assertArgument(directory !== '', '--out is empty. Name a folder.');
  const path = join(directory, LOCK_FILE_NAME);
  try {
    await makeFolder(directory);
    await claim(path);
    await removeLeftovers(directory);
  } catch (cause) {
    if (cause instanceof DlcmpError) throw cause;
    const reason = describeFileError(cause);
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `--out ${directory} can't be written: ${reason}. Mend that, or choose another --out.`,
      { cause },
    );
  }
  return () => rm(path, { force: true });
}

async function claim(path: string): Promise<void> {
  if (await createLock(path)) return;
  const holder = await readHolder(path);
  if (holder && isAlive(holder)) throw inUse(path, holder);
  await rm(path, { force: true });
  // Of two runs that find the same stale lock, one creates the new one.
  if (!(await createLock(path))) throw inUse(path, await readHolder(path));
}

/** Creates the lock unless there is one: the file system decides who comes first. */
async function createLock(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    const holder: LockHolder = { pid: process.pid, host: hostname() };
    await handle.writeFile(JSON.stringify(holder)).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where the lock's writer died before it had written. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

/** A process of another machine counts as alive: it can't be asked. */
function isAlive({ pid, host }: LockHolder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(path: string, holder: LockHolder | undefined): DlcmpError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  return new DlcmpError(
    'INVALID_ARGUMENT',
    `--out is in use by another run (${who}). Wait for it or choose another --out. If that process is gone, delete ${path}.`,
  );
}

/**
 * Makes `directory` and sees that it can be written, before long work whose result goes there.
 *
 * @throws `INVALID_ARGUMENT` naming the folder and why it can't be used
 */
export async function assertWritableFolder(directory: string): Promise<void> {
  const release = await claimOutputFolder(directory);
  await release();
}

/** Half-written files of a run that was killed. */
async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory);
  const leftovers = names.filter((name) => /^results\.json\.\d+$/.test(name));
  for (const name of leftovers) await rm(join(directory, name), { force: true });
}
