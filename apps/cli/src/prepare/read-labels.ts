import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '@dlcmp/data';
import { readTable } from './read-table';
import { rowsByImage } from './rows-by-image';

/**
 * The class of each image: `folders` takes the name of the folder that it lies in, else a CSV file whose columns are image and class.
 *
 * @throws `INVALID_FILE`, `INVALID_DATA` naming an image that has none
 */
export async function readLabels(from: string, files: readonly ImageFile[]): Promise<string[]> {
  if (from === 'folders') return files.map(({ path }) => basename(dirname(path)));
  const rows = readTable(from, await readText(from), ['image', 'class']);
  const labels = rows.map(([image = '', label = '']) => [image, label] as const);
  return rowsByImage(from, labels, files);
}

/** The text of a file that an option names. */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be read (${cause.code}). Check the path.`,
      {
        cause,
      },
    );
  });
}
