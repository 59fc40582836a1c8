import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '../dataset/dataset';
import { listFolder } from '../dataset/list-folder';
import { assertNoProblems, type DatasetProblem } from '../dataset/problem';
import { relativeName } from '../dataset/relative-name';
import { type LoadedPixels, type LoadOptions, loadPixels } from './load-images';

/** As {@link LoadOptions}; nothing is cached unless `cacheDirectory` says where. */
export type LoadUnlabelledOptions = LoadOptions;

/**
 * Decodes images without classes, for prediction: each of `paths` is an image, or a folder of
 * images such as `seg_pred`, flat or nested once more under its own name.
 *
 * @throws as `loadImages`, and `INVALID_DATA` for a path that is not there or a folder without files
 */
export async function loadUnlabelled(
  paths: string | readonly string[],
  options: LoadUnlabelledOptions,
): Promise<LoadedPixels<ImageFile>> {
  const files = await listImages(typeof paths === 'string' ? [paths] : paths);
  return loadPixels(files, { ...options, cacheDirectory: options.cacheDirectory ?? false });
}

/**
 * The files that `paths` name, folders opened, each folder's files sorted by code point.
 *
 * @throws `INVALID_DATA`
 */
export async function listImages(paths: readonly string[]): Promise<ImageFile[]> {
  const lists = await Promise.all(paths.map((path) => listOne(resolve(path))));
  return lists.flat();
}

async function listOne(path: string): Promise<ImageFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new DlcmpError('INVALID_DATA', `${path} cannot be opened: no such file or folder.`, {
      cause,
    });
  });
  if (!found.isDirectory()) return [{ path, relativePath: basename(path) }];
  return listFlatFolder(path);
}

async function listFlatFolder(path: string): Promise<ImageFile[]> {
  const problems: DatasetProblem[] = [];
  const outer = await listFolder(path, problems);
  const nested = outer.files.length === 0 && outer.folders.join() === basename(path);
  const folder = nested ? join(path, basename(path)) : path;
  const { files } = nested ? await listFolder(folder, problems) : outer;
  if (files.length === 0 && problems.length === 0) {
    const message = `${folder} holds no images.`;
    problems.push({ kind: 'empty-class', path: folder, message });
  }
  assertNoProblems(path, problems);
  const root = dirname(path);
  return files.map((name) => ({
    path: join(folder, name),
    relativePath: relativeName(root, join(folder, name)),
  }));
}
