import { join, resolve } from 'node:path';
import type { Dataset, LabelledFile } from './dataset';
import { findLayout, type Layout } from './find-layout';
import { holdBack } from './hold-back';
import { assertLayoutOptions, type LayoutOptions } from './layout-options';
import {
  classNamesOf,
  listClasses,
  missingSplit,
  reportLonelyClasses,
  type SplitListing,
} from './list-classes';
import type { DatasetProblem } from './problem';
import { relativeName } from './relative-name';
import { isSynthetic } from './synthetic-marker';

/** What of a folder is usable, and everything that is wrong with it. */
export interface DatasetScan {
  readonly dataset: Dataset;
  readonly problems: readonly DatasetProblem[];
}

/**
 * Lists the folder `root`, without opening an image. Never throws for what it finds.
 *
 * @throws `INVALID_ARGUMENT` where `options` contradict one another
 */
export async function scanDataset(root: string, options: LayoutOptions = {}): Promise<DatasetScan> {
  assertLayoutOptions(options);
  const absolute = resolve(root);
  const problems: DatasetProblem[] = [];
  const layout = await findLayout(absolute, options, problems);
  const dataset = layout ? await readLayout(layout, options, problems) : emptyDataset(absolute);
  return { dataset, problems: withoutRepeats(problems) };
}

async function readLayout(
  layout: Layout,
  { seed = 1 }: LayoutOptions,
  problems: DatasetProblem[],
): Promise<Dataset> {
  const { root, split } = layout;
  const train = layout.train === undefined ? undefined : await listClasses(layout.train, problems);
  const test = layout.test === undefined ? undefined : await listClasses(layout.test, problems);
  if (!train) problems.push(await missingSplit(root, 'train'));
  if (!test && split === undefined) problems.push(await missingSplit(root, 'test'));
  if (train && test) reportLonelyClasses(train, test, problems);
  const classNames = classNamesOf(train, test);
  if (classNames.length === 1) problems.push(singleClass(root, classNames[0] as string));
  const found = {
    root,
    classNames,
    train: labelFiles(root, train, classNames),
    test: labelFiles(root, test, classNames),
    testImages: 'folder' as const,
    notes: layout.unused.map((name) => `${join(root, name)} takes no part.`),
    synthetic: await isSynthetic(root),
  };
  return train && split !== undefined ? holdBackFrom(found, train, split, seed, problems) : found;
}

function holdBackFrom(
  found: Dataset,
  { folder, classes }: SplitListing,
  split: number,
  seed: number,
  problems: DatasetProblem[],
): Dataset {
  const { classNames, train: all, notes } = found;
  for (const { folder: path, names } of classes.values()) {
    if (names.length !== 1) continue;
    const message = `${path} holds one image: a class needs two or more, of which some are held back for testing.`;
    problems.push({ kind: 'too-few-images', path, message });
  }
  const { train, test } = holdBack(all, classNames.length, split, seed);
  const note = `Of the ${all.length} images of ${folder}, split by seed ${seed}, ${train.length} train and ${test.length} test: --split ${split} holds back that share of each class.`;
  return { ...found, train, test, testImages: 'held-back', notes: [...notes, note] };
}

function singleClass(root: string, className: string): DatasetProblem {
  const message = `${root} has one class, ${className}: at least two are needed to tell apart. Add a folder of images for another class to each split.`;
  return { kind: 'single-class', path: root, message };
}

function emptyDataset(root: string): Dataset {
  return {
    root,
    classNames: [],
    train: [],
    test: [],
    testImages: 'folder',
    notes: [],
    synthetic: false,
  };
}

function labelFiles(
  root: string,
  split: SplitListing | undefined,
  classNames: readonly string[],
): LabelledFile[] {
  return classNames.flatMap((className, label) => {
    const { folder = '', names = [] } = split?.classes.get(className) ?? {};
    return names.map((name) => {
      const path = join(folder, name);
      return { path, relativePath: relativeName(root, path), label };
    });
  });
}

/** A folder is listed once to find the layout, and again for its classes. */
function withoutRepeats(problems: readonly DatasetProblem[]): DatasetProblem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
