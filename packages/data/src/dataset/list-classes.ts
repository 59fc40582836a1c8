import { basename, join } from 'node:path';
import type { Split } from './dataset';
import { describeFolder } from './describe-folder';
import { isImageName } from './image-name';
import { compareCodePoints, listFolder } from './list-folder';
import type { DatasetProblem } from './problem';

/** The files of one class in one split. */
export interface ClassFiles {
  /** Absolute. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** The classes of one split. */
export interface SplitListing {
  /** Absolute. */
  readonly folder: string;
  /** By name, in Unicode's normal form NFC: macOS takes names apart that others write in one piece. */
  readonly classes: ReadonlyMap<string, ClassFiles>;
}

/** Lists the classes of the folder `outer`, which may hold its own name once more and nothing else. */
export async function listClasses(
  outer: string,
  problems: DatasetProblem[],
): Promise<SplitListing> {
  const listing = await listFolder(outer, problems);
  const isNested = listing.folders.length === 1 && listing.folders[0] === basename(outer);
  const folder = isNested ? join(outer, basename(outer)) : outer;
  const { folders, files } = isNested ? await listFolder(folder, problems) : listing;
  if (folders.length === 0) {
    problems.push({ kind: 'no-classes', path: folder, message: withoutClasses(folder, files) });
  }
  const classes = new Map<string, ClassFiles>();
  for (const name of folders) {
    const path = join(folder, name);
    const className = name.normalize('NFC');
    const other = classes.get(className)?.folder;
    if (other === undefined) {
      classes.set(className, { folder: path, names: await listImagesOf(path, problems) });
    } else {
      const message = `${path} and ${other} look the same and differ in Unicode normalisation (NFC and NFD) alone: put the images of both into one.`;
      problems.push({ kind: 'class-twice', path, message });
    }
  }
  return { folder, classes };
}

function withoutClasses(folder: string, files: readonly string[]): string {
  const images = files.filter(isImageName).length;
  const found =
    images > 0 ? `, only ${images === 1 ? 'an image' : `${images} images`} of no class` : '';
  return `${folder} has no class folders${found}: it needs a folder of images for each class.`;
}

async function listImagesOf(path: string, problems: DatasetProblem[]): Promise<readonly string[]> {
  const before = problems.length;
  const { files, folders } = await listFolder(path, problems);
  for (const name of folders) {
    const inner = join(path, name);
    const message = `${inner} is a folder inside a class; only images belong there: move it away.`;
    problems.push({ kind: 'unexpected-folder', path: inner, message });
  }
  if (files.length === 0 && problems.length === before) {
    const message = `${path} holds no images: put some there, or remove the folder.`;
    problems.push({ kind: 'empty-class', path, message });
  }
  return files;
}

/** Adds each class that only one of the two splits has. */
export function reportLonelyClasses(
  train: SplitListing,
  test: SplitListing,
  problems: DatasetProblem[],
): void {
  for (const [here, there] of [
    [train, test],
    [test, train],
  ] as const) {
    for (const [className, { folder: path }] of here.classes) {
      if (there.classes.has(className)) continue;
      const similar = [...there.classes.keys()].find((name) => fold(name) === fold(className));
      const hint =
        similar === undefined
          ? 'every class needs images in both'
          : `it has "${similar}", whose name differs in letter case or spaces alone: rename one of the two`;
      const message = `${path} is a class that ${there.folder} does not have: ${hint}.`;
      problems.push({ kind: 'class-in-one-split', path, message });
    }
  }
}

/** Names that a reader may take for the same give the same. */
function fold(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

/** Says that a split is not found, and what is there. */
export async function missingSplit(root: string, split: Split): Promise<DatasetProblem> {
  const remedy =
    split === 'train'
      ? 'Name the folder of the training images with --train-folder.'
      : 'Name the folder of the test images with --test-folder, or hold back a part of the training images with --split 0.2.';
  const message = `${root} has no ${split} split. ${await describeFolder(root)} ${remedy}`;
  return { kind: 'missing-split', path: root, message };
}

/** All names of both splits, sorted by code point. */
export function classNamesOf(...splits: readonly (SplitListing | undefined)[]): string[] {
  const names = new Set(splits.flatMap((split) => [...(split?.classes.keys() ?? [])]));
  return [...names].sort(compareCodePoints);
}
