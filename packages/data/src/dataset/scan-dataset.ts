import { join, resolve } from 'node:path';
import type { Dataset, LabelledFile, Split } from './dataset';
import { compareCodePoints, listFolder } from './list-folder';
import type { DatasetProblem } from './problem';
import { relativeName } from './relative-name';
import { isSynthetic } from './synthetic-marker';

/** Folder names of each split; the public Intel archive has the first. */
const SPLIT_FOLDERS: Readonly<Record<Split, readonly string[]>> = {
  train: ['seg_train', 'train'],
  test: ['seg_test', 'test'],
};

/** The file names of each class of one split. */
interface SplitListing {
  /** Absolute. */
  readonly folder: string;
  readonly classes: ReadonlyMap<string, readonly string[]>;
}

/** What of a folder is usable, and everything that is wrong with it. */
export interface DatasetScan {
  readonly dataset: Dataset;
  readonly problems: readonly DatasetProblem[];
}

/** Lists the folder `root`, without opening an image. Never throws for what it finds. */
export async function scanDataset(root: string): Promise<DatasetScan> {
  const absolute = resolve(root);
  const problems: DatasetProblem[] = [];
  const { folders } = await listFolder(absolute, problems);
  if (problems.some(({ kind, path }) => kind === 'unreadable-folder' && path === absolute)) {
    return { dataset: emptyDataset(absolute), problems };
  }
  const train = await listSplit(absolute, 'train', folders, problems);
  const test = await listSplit(absolute, 'test', folders, problems);
  if (train && test) reportLonelyClasses(train, test, problems);
  const classNames = [
    ...new Set([...(train?.classes.keys() ?? []), ...(test?.classes.keys() ?? [])]),
  ].sort(compareCodePoints);
  const dataset: Dataset = {
    root: absolute,
    classNames,
    train: labelFiles(absolute, train, classNames),
    test: labelFiles(absolute, test, classNames),
    synthetic: await isSynthetic(absolute),
  };
  return { dataset, problems };
}

function emptyDataset(root: string): Dataset {
  return { root, classNames: [], train: [], test: [], synthetic: false };
}

async function listSplit(
  root: string,
  split: Split,
  folders: readonly string[],
  problems: DatasetProblem[],
): Promise<SplitListing | undefined> {
  const names = SPLIT_FOLDERS[split];
  const name = names.find((candidate) => folders.includes(candidate));
  if (name === undefined) {
    const message = `${root} has no ${split} split: it needs a folder ${names.join(' or ')} with a folder for each class.`;
    problems.push({ kind: 'missing-split', path: root, message });
    return undefined;
  }
  const outer = join(root, name);
  const listing = await listFolder(outer, problems);
  const nested = listing.folders.length === 1 && listing.folders[0] === name;
  const folder = nested ? join(outer, name) : outer;
  const classNames = nested ? (await listFolder(folder, problems)).folders : listing.folders;
  if (classNames.length === 0) {
    const message = `${folder} has no class folders.`;
    problems.push({ kind: 'no-classes', path: folder, message });
  }
  return { folder, classes: await listClasses(folder, classNames, problems) };
}

async function listClasses(
  folder: string,
  classNames: readonly string[],
  problems: DatasetProblem[],
): Promise<Map<string, readonly string[]>> {
  const classes = new Map<string, readonly string[]>();
  for (const className of classNames) {
    const path = join(folder, className);
    const before = problems.length;
    const { files, folders } = await listFolder(path, problems);
    for (const name of folders) {
      const inner = join(path, name);
      const message = `${inner} is a folder inside a class; only images belong there.`;
      problems.push({ kind: 'unexpected-folder', path: inner, message });
    }
    if (files.length === 0 && problems.length === before) {
      problems.push({ kind: 'empty-class', path, message: `${path} holds no images.` });
    }
    classes.set(className, files);
  }
  return classes;
}

function reportLonelyClasses(
  train: SplitListing,
  test: SplitListing,
  problems: DatasetProblem[],
): void {
  for (const [here, there] of [
    [train, test],
    [test, train],
  ] as const) {
    for (const className of here.classes.keys()) {
      if (there.classes.has(className)) continue;
      const path = join(here.folder, className);
      const message = `${path} is a class that ${there.folder} does not have.`;
      problems.push({ kind: 'class-in-one-split', path, message });
    }
  }
}

function labelFiles(
  root: string,
  split: SplitListing | undefined,
  classNames: readonly string[],
): LabelledFile[] {
  if (!split) return [];
  return classNames.flatMap((className, label) =>
    (split.classes.get(className) ?? []).map((name) => {
      const path = join(split.folder, className, name);
      return { path, relativePath: relativeName(root, path), label };
    }),
  );
}
