import { join, resolve } from 'node:path';
import type { Split } from './dataset';
import { describeFolder } from './describe-folder';
import { isImageName } from './image-name';
import { DEFAULT_SPLIT, type LayoutOptions } from './layout-options';
import { type FolderListing, listFolder, unpackFirst } from './list-folder';
import type { DatasetProblem } from './problem';
import { isPartName, splitRank } from './split-names';

/** Where a data set's images are; folders are absolute. */
export interface Layout {
  /** The folder asked for, or the one inside that it wraps. */
  readonly root: string;
  /** Holds a folder of training images for each class; absent where there is none. */
  readonly train?: string;
  /** The same of test images; absent where there is none, or where they are held back. */
  readonly test?: string;
  /** Share of the training images to hold back, 0–1. */
  readonly split?: number;
  /** Names of folders of further splits, which take no part. */
  readonly unused: readonly string[];
}

/** Folders that may each wrap the next, around the splits. */
const MAX_WRAPPERS = 3;

/**
 * Finds the folders of training and test images under `root`, by the names that `options` give or by
 * the usual ones, or finds that the classes stand at the root. Nothing else is said to be wrong here
 * than that they are not found.
 */
export async function findLayout(
  root: string,
  options: LayoutOptions,
  problems: DatasetProblem[],
): Promise<Layout | undefined> {
  const isNamed = options.trainFolder !== undefined || options.testFolder !== undefined;
  let folder = root;
  for (let wrappers = 0; wrappers <= MAX_WRAPPERS; wrappers++) {
    const listing = await listFolder(folder, wrappers === 0 ? problems : []);
    if (problems.some(({ kind, path }) => kind === 'unreadable-folder' && path === root))
      return undefined;
    const layout = isNamed
      ? await findNamed(folder, listing, options, problems)
      : ((await findSplits(folder, listing, options)) ??
        (wrappers <= 1 ? await findClasses(folder, listing, options) : undefined));
    if (layout) return layout;
    const [only, ...others] = listing.folders;
    if (only === undefined || others.length > 0 || listing.files.some(isImageName)) break;
    folder = join(folder, only);
  }
  problems.push({ kind: 'missing-split', path: root, message: await unknownLayout(root) });
  return undefined;
}

/** The folders that the options name, the other one found by its name. */
async function findNamed(
  root: string,
  listing: FolderListing,
  { trainFolder, testFolder, split }: LayoutOptions,
  problems: DatasetProblem[],
): Promise<Layout> {
  const find = async (which: Split, given: string | undefined) => {
    if (given !== undefined) return nameFolder(root, which, given, problems);
    const [name] = await candidates(root, listing, which);
    return name === undefined ? undefined : join(root, name);
  };
  const train = await find('train', trainFolder);
  const test = split === undefined ? await find('test', testFolder) : undefined;
  return {
    root,
    ...(train && { train }),
    ...(test && { test }),
    ...(split && { split }),
    unused: [],
  };
}

async function nameFolder(
  root: string,
  which: Split,
  given: string,
  problems: DatasetProblem[],
): Promise<string> {
  const path = resolve(root, given);
  const missing: DatasetProblem[] = [];
  await listFolder(path, missing);
  if (missing.some((problem) => problem.path === path)) {
    const message = `${path}, which --${which}-folder names, is no folder that can be read. ${root}: ${await describeFolder(root)}`;
    problems.push({ kind: 'missing-split', path, message });
  }
  return path;
}

async function findSplits(
  root: string,
  listing: FolderListing,
  { split }: LayoutOptions,
): Promise<Layout | undefined> {
  const [train, ...otherTrain] = await candidates(root, listing, 'train');
  const [test, ...otherTest] = await candidates(root, listing, 'test');
  if (train === undefined && test === undefined) return undefined;
  const isHeldBack = split !== undefined && train !== undefined;
  return {
    root,
    ...(train !== undefined && { train: join(root, train) }),
    ...(test !== undefined && !isHeldBack && { test: join(root, test) }),
    ...(isHeldBack && { split }),
    unused: [...otherTrain, ...(isHeldBack && test !== undefined ? [test] : []), ...otherTest],
  };
}

/** Names of the folders that may be `split`: those with class folders, then by {@link splitRank}. */
async function candidates(
  root: string,
  { folders }: FolderListing,
  split: Split,
): Promise<string[]> {
  const named = folders.filter((name) => splitRank(split, name) >= 0);
  const ranked = await Promise.all(
    named.map(async (name) => {
      const { folders: classes } = await listFolder(join(root, name), []);
      return { name, isBare: classes.length === 0, rank: splitRank(split, name) };
    }),
  );
  ranked.sort((a, b) => Number(a.isBare) - Number(b.isBare) || a.rank - b.rank);
  return ranked.filter(({ isBare }, index) => index === 0 || !isBare).map(({ name }) => name);
}

/** Two folders or more, of images, which no name says to be parts: the classes stand at the root. */
async function findClasses(
  root: string,
  { folders }: FolderListing,
  { split = DEFAULT_SPLIT }: LayoutOptions,
): Promise<Layout | undefined> {
  if (folders.length < 2 || folders.some(isPartName)) return undefined;
  for (const name of folders) {
    const { files } = await listFolder(join(root, name), []);
    if (files.some(isImageName)) return { root, train: root, split, unused: [] };
  }
  return undefined;
}

async function unknownLayout(root: string): Promise<string> {
  const { files } = await listFolder(root, []);
  const archive = files.find((name) => /\.zip$/i.test(name));
  const unpack = archive === undefined ? '' : `${unpackFirst(join(root, archive))} `;
  return `${root} is laid out in a way that is not known. ${await describeFolder(root)} ${unpack}It needs two folders, such as train and test, that each hold a folder of images for each class: name them with --train-folder and --test-folder. Or it needs two folders or more, each with the images of one class: a part of them is then held back for testing.`;
}
