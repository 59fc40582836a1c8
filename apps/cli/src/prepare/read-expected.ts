import { basename } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '@dlcmp/data';
import type { ExpectedAnswers } from '@dlcmp/inference';
import { readText } from './read-labels';
import { cellsOf, readTable } from './read-table';

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
  const byImage = new Map(rows.map((row) => [basename(row.image), row.probabilities]));
  const classNames = Object.keys(rows[0]?.probabilities ?? {});
  const values = files.flatMap(({ path: image }) => {
    const found = byImage.get(basename(image));
    const row = classNames.map((name) => found?.[name]);
    if (row.length > 0 && row.every(Number.isFinite)) return row as number[];
    throw new DlcmpError(
      'INVALID_DATA',
      `${path} has no probabilities for the image ${basename(image)}. Add them, or leave the image out.`,
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

function rowsOfCsv(path: string, text: string): ExpectedRow[] {
  const columns = ['image', 'class', 'probability'];
  const rows = readTable(path, text, columns);
  const names = cellsOf(text.split(/\r?\n/, 1)[0] as string).slice(columns.length);
  return rows.map(([image = '', , , ...cells]) => ({
    image,
    probabilities: Object.fromEntries(names.map((name, at) => [name, Number(cells[at])])),
  }));
}
