import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '../dataset/dataset';
import { listFolder } from '../dataset/list-folder';
import { assertNoProblems, type DatasetProblem } from '../dataset/problem';
import { relativeName } from '../dataset/relative-name';

/**
 * The files that `paths` name, folders opened with all that is in them: a folder's own files first,
 * then those of its folders, both sorted by code point. Hidden files and what desktops leave are
 * passed over.
 *
 * @throws `INVALID_DATA` for a path that is not there, a folder without files, a link that loops
 */
export async function listImages(paths: readonly string[]): Promise<ImageFile[]> {
  const lists = await Promise.all(paths.map((path) => listOne(resolve(path))));
  return lists.flat();
}

async function listOne(path: string): Promise<ImageFile[]> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT' || cause.code === 'ENOTDIR' ? 'no such file or folder' : cause.code;
    throw new DlcmpError('INVALID_DATA', `${path} cannot be opened: ${reason}. Check the path.`, {
      cause,
    });
  });
  if (!found.isDirectory()) return [{ path, relativePath: basename(path) }];
  const problems: DatasetProblem[] = [];
  const files = await listDeep(path, [], problems);
  if (files.length === 0 && problems.length === 0) {
    const message = `${path} holds no images, nor does any folder in it.`;
    problems.push({ kind: 'empty-class', path, message });
  }
  assertNoProblems(path, problems);
  const root = dirname(path);
  return files.map((file) => ({ path: file, relativePath: relativeName(root, file) }));
}

/** Files of `folder` and of all folders in it; `above` are the real paths that lead to it. */
async function listDeep(
  folder: string,
  above: readonly string[],
  problems: DatasetProblem[],
): Promise<string[]> {
  const real = await realpath(folder);
  if (above.includes(real)) {
    const message = `${folder} is a symbolic link back to ${real}.`;
    problems.push({ kind: 'symlink-loop', path: folder, message });
    return [];
  }
  const { files, folders } = await listFolder(folder, problems);
  const all = files.map((name) => join(folder, name));
  for (const name of folders) {
    all.push(...(await listDeep(join(folder, name), [...above, real], problems)));
  }
  return all;
}
