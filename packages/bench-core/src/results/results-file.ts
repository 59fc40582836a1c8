import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { DlcmpError } from '../contract';
import type { BenchResults } from './bench-results';
import { parseResults } from './results-schema';

export const RESULTS_FILE_NAME = 'results.json';

/** Writes `results.json` into `directory` in one piece: a reader sees the old file or the new. */
export async function writeResults(directory: string, results: BenchResults): Promise<void> {
  const content = `${JSON.stringify(parseResults(jsonCopy(results)), null, 2)}\n`;
  await mkdir(directory, { recursive: true });
  // Imported late: it marks the global object.
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(join(directory, RESULTS_FILE_NAME), content);
}

/** What a reader of the JSON will see: NaN becomes null, undefined goes. */
function jsonCopy(results: BenchResults): unknown {
  return JSON.parse(JSON.stringify(results));
}

/**
 * Reads `results.json` from `directory`.
 *
 * @throws `INVALID_FILE` naming the file and what is wrong with it
 */
export async function readResults(directory: string): Promise<BenchResults> {
  const path = join(directory, RESULTS_FILE_NAME);
  try {
    return parseResults(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof z.core.$ZodError ? z.prettifyError(cause) : String(cause);
    throw new DlcmpError('INVALID_FILE', `${path} can't be read as results: ${reason}`, { cause });
  }
}
