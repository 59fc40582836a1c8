import { basename, normalize, resolve, sep } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '@dlcmp/data';

/**
 * What a table says of each of `files`: found by the path, or by the file's name where one line and one image alone have it.
 *
 * @param source of the table, for messages
 * @param rows paths with what is said of them
 * @throws `INVALID_DATA` naming an image of which nothing is said, or one of several of its name
 */
export function rowsByImage<Row>(
  source: string,
  rows: readonly (readonly [image: string, row: Row])[],
  files: readonly ImageFile[],
): Row[] {
  const byName = byFileName(rows, ([image]) => image);
  const alike = byFileName(files, ({ path }) => path);
  return files.map(({ path }) => {
    const name = basename(path);
    const named = byName.get(name) ?? [];
    const others = (alike.get(name) ?? []).filter((file) => file.path !== path);
    const isOnly = named.length === 1 && others.length === 0;
    const exact = named.filter(
      ([image]) => isOf(path, image) && !others.some((file) => isOf(file.path, image)),
    );
    const [found, ...further] = isOnly ? named : exact;
    if (found && further.length === 0) return found[1];
    throw new DlcmpError('INVALID_DATA', `${source} has ${reasonOf(name, named.length)}`);
  });
}

function byFileName<Item>(items: readonly Item[], pathOf: (item: Item) => string) {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = basename(pathOf(item));
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}

function isOf(path: string, image: string): boolean {
  return resolve(path) === resolve(image) || resolve(path).endsWith(sep + normalize(image));
}

function reasonOf(name: string, count: number): string {
  return count === 0
    ? `no line for the image ${name}. Add one, or leave the image out.`
    : `${count} for images called ${name}, of which there are several: give each one's path, as "dlcmp predict" prints it.`;
}
