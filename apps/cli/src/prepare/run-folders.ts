import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS_FILE_NAME } from '@dlcmp/bench-core';
import { printableName } from '@dlcmp/contract';

/** Of several folders, as a shell's pattern gives them, those that hold a run; the others are told. */
export function runFolders(directories: readonly string[]): readonly string[] {
  const runs = directories.filter((directory) => existsSync(join(directory, RESULTS_FILE_NAME)));
  // Where there is none, reading the first says what is wrong with it.
  if (runs.length === 0) return directories;
  const others = directories.filter((directory) => !runs.includes(directory));
  if (others.length > 0) {
    process.stderr.write(
      `Passed over, without a results.json: ${others.map((name) => printableName(name)).join(', ')}.\n`,
    );
  }
  return runs;
}
