import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UNFINISHED_SUFFIX } from './write-atomically';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a killed process left is removed after a day, when surely nobody writes it any more. */
export async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith(UNFINISHED_SUFFIX)) continue;
    const path = join(directory, name);
    const modified = await stat(path).catch(() => undefined);
    if (modified && Date.now() - modified.mtimeMs > DAY_MS) await rm(path, { force: true });
  }
}
