import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@dlcmp/contract';
import { libraryCacheDirectory } from '../library/library-cache';
import { type SetupOptions, type SetupResult, setupTensorFlow } from './setup-tensorflow';

/** For how long a failure is remembered. */
const PATIENCE_MS = 24 * 60 * 60 * 1000;

interface Failure {
  readonly time: number;
  readonly reason: string;
}

const failureFile = () => join(libraryCacheDirectory(), 'last-failure.json');

/** Why the last setup failed, if that was within a day. */
export function recentSetupFailure(now = Date.now()): string | undefined {
  if (!existsSync(failureFile())) return undefined;
  try {
    const { time, reason } = JSON.parse(readFileSync(failureFile(), 'utf8')) as Failure;
    return now - time < PATIENCE_MS ? reason : undefined;
  } catch {
    return undefined;
  }
}

/** {@link setupTensorFlow}, which remembers a failure, and forgets it when it succeeds. */
export async function rememberingSetup(
  options: SetupOptions,
  now = Date.now(),
): Promise<SetupResult> {
  try {
    const result = await setupTensorFlow(options);
    await rm(failureFile(), { force: true });
    return result;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    await makeFolder(libraryCacheDirectory());
    await writeFile(failureFile(), JSON.stringify({ time: now, reason } satisfies Failure));
    throw error;
  }
}
