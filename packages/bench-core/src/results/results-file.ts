import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { BenchResults } from './bench-results';
import { describeFileError } from './file-errors';
import { jsonCopy, parseResults } from './results-schema';
import { writeWhole } from './write-whole';

export const RESULTS_FILE_NAME = 'results.json';

const SCHEMA_VERSION = 1;

/**
 * Writes `results.json` into `directory` in one piece: a reader sees the old file or the new.
 *
 * @throws `INVALID_FILE` where the disk refuses; the old file stays as it is
 */
export async function writeResults(directory: string, results: BenchResults): Promise<void> {
  const content = `${JSON.stringify(parseResults(jsonCopy(results)), null, 2)}\n`;
  await writeWhole(
    join(directory, RESULTS_FILE_NAME),
    content,
    'Trials recorded until now are kept: mend that and go on with --resume.',
  );
}

/**
 * Reads `results.json` from `directory`.
 *
 * @throws `INVALID_FILE` naming the folder or the file, what is wrong with it, and what to do
 */
export async function readResults(directory: string): Promise<BenchResults> {
  const path = join(directory, RESULTS_FILE_NAME);
  const text = await readFile(path, 'utf8').catch((cause) => {
    const message = `${describeMissing(directory, cause)}. ${NEXT_STEP}`;
    throw new DlcmpError('INVALID_FILE', message, { cause });
  });
  try {
    const content: unknown = JSON.parse(text);
    assertSchemaVersion(content);
    return parseResults(content);
  } catch (cause) {
    const reason = describeFault(cause);
    throw new DlcmpError('INVALID_FILE', `${path} can't be read as results: ${reason}`, { cause });
  }
}

const NEXT_STEP = 'Name a folder that "dlcmp bench" wrote: its --out, by default results/latest.';

/** Why there is nothing to read in `directory`, without a full stop. */
function describeMissing(directory: string, cause: NodeJS.ErrnoException): string {
  if (cause.code !== 'ENOENT') {
    return `${join(directory, RESULTS_FILE_NAME)} can't be read: ${describeFileError(cause)}`;
  }
  return existsSync(directory)
    ? `${directory} holds no ${RESULTS_FILE_NAME}`
    : `${directory} can't be read, as there is no such folder`;
}

/** Said before all that another version would violate. */
function assertSchemaVersion(content: unknown): void {
  const version: unknown = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === SCHEMA_VERSION) return;
  const reason =
    version === undefined
      ? 'It has no schemaVersion, so dlcmp did not write it.'
      : `It has schemaVersion ${JSON.stringify(version)}; this dlcmp reads ${SCHEMA_VERSION}. Use the dlcmp that wrote it, or run the bench again.`;
  throw new RangeError(reason);
}

function describeFault(cause: unknown): string {
  if (cause instanceof RangeError) return cause.message;
  if (cause instanceof SyntaxError) {
    return `it is no JSON (${cause.message}). It was cut short or changed: run the bench again.`;
  }
  return String(cause);
}
