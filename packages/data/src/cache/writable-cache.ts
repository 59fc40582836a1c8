import { randomUUID } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { UNFINISHED_SUFFIX } from './write-atomically';

/**
 * Makes the folder of a cache where it is missing, and finds out whether `bytes` can be written there.
 *
 * @throws `INVALID_FILE`, with what to do
 */
export async function assertRoom(directory: string, bytes: number): Promise<void> {
  try {
    await makeFolder(directory);
    const probe = join(directory, randomUUID() + UNFINISHED_SUFFIX);
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw cannotBeWritten(directory, cause);
  }
  const free = await freeBytes(directory);
  if (free >= bytes) return;
  const message = `The image cache ${directory} has ${gigabytes(free)} free, and the decoded images take ${gigabytes(bytes)}. ${REMEDY}`;
  throw new DlcmpError('INVALID_FILE', message);
}

const REMEDY =
  'Free space there (dlcmp data cache clear), or choose another folder: XDG_CACHE_HOME in the environment, or the option cacheDirectory.';

/** @returns `INVALID_FILE` with the reason and the remedy */
export function cannotBeWritten(directory: string, cause: unknown): DlcmpError {
  const code = (cause as NodeJS.ErrnoException).code ?? cause;
  const message = `The image cache ${directory} cannot be written (${code}). ${REMEDY}`;
  return new DlcmpError('INVALID_FILE', message, { cause });
}

/** Infinity where the file system does not say. */
async function freeBytes(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
