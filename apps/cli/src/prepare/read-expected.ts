import { basename } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '@dlcmp/data';
import type { ExpectedAnswers } from '@dlcmp/inference';
import { readText } from './read-labels';
import { cellsOf, readTable } from './read-table';
import { rowsByImage } from './rows-by-image';

/** An image's probabilities by the name of the class. */
interface ExpectedRow {
  readonly image: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

/**
 * Answers of another program, in the order of `files`: JSON or CSV as `dlcmp predict` prints it.
 *
 * @throws `INVALID_FILE`; `INVALID_DATA` naming an image that has no answer
 */
export async function readExpected(
  path: string,
  files: readonly ImageFile[],
): Promise<ExpectedAnswers> {
  const text = await readText(path);
  const rows = path.endsWith('.csv') ? rowsOfCsv(path, text) : rowsOfJson(path, text);
  const classNames = Object.keys(rows[0]?.probabilities ?? {});
  const named = rows.map(({ image, probabilities }) => [image, { image, probabilities }] as const);
  const values = rowsByImage(path, named, files).flatMap(({ image, probabilities }) => {
    const row = classNames.map((name) => probabilities[name]);
    if (row.length > 0 && row.every(Number.isFinite)) return row as number[];
    const at = row.findIndex((value) => !Number.isFinite(value));
    throw new DlcmpError(
      'INVALID_DATA',
      `${path} holds ${row[at] ?? 'no number'} as the probability of ${classNames[at] ?? 'any class'} for ${basename(image)}. Write a finite number for each class, or leave the image out.`,
    );
  });
  return { source: path, classNames, probabilities: Float32Array.from(values) };
}

function rowsOfJson(path: string, text: string): ExpectedRow[] {
  try {
    const rows = JSON.parse(text) as {
      path: string;
      probabilities: ExpectedRow['probabilities'];
    }[];
    return rows.map((row) => ({ image: row.path, probabilities: row.probabilities }));
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is no list of {"path", "probabilities": {NAME: NUMBER}} in JSON (${(cause as Error).message}). Write it as "dlcmp predict --format json" does.`,
      { cause },
    );
  }
}

/** Before the classes: of one class, or of several labels. */
const BEFORE = { one: ['image', 'class', 'probability'], several: ['image', 'labels'] } as const;

function rowsOfCsv(path: string, text: string): ExpectedRow[] {
  const header = cellsOf(text.split(/\r?\n/, 1)[0] as string);
  const columns = BEFORE[header[1] === 'labels' ? 'several' : 'one'];
  const names = header.slice(columns.length);
  return readTable(path, text, columns).map((row) => ({
    image: row[0] ?? '',
    probabilities: Object.fromEntries(
      names.map((name, at) => [name, numberOf(row[columns.length + at])]),
    ),
  }));
}

function numberOf(cell = ''): number {
  return cell.trim() === '' ? Number.NaN : Number(cell);
}
