import { readFile } from 'node:fs/promises';
import { type Matrix, parseMatrix } from '@dlcmp/bench-core';
import { DlcmpError } from '@dlcmp/contract';
import { parse } from 'yaml';

/**
 * Reads a `--matrix` file, JSON or YAML.
 *
 * @throws `INVALID_ARGUMENT` naming the file, and the axis or line that is wrong
 */
export async function readMatrix(path: string): Promise<Matrix> {
  return parseMatrix(await readYaml(path), path);
}

/** JSON is YAML too. */
async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `--matrix ${path} can't be read as JSON or YAML: ${reason}`;
    throw new DlcmpError('INVALID_ARGUMENT', message, { cause });
  }
}
