import type { Dataset } from './dataset';
import type { LayoutOptions } from './layout-options';
import { assertNoProblems } from './problem';
import { scanDataset } from './scan-dataset';

/**
 * Opens an image folder: `<split>/<class>/<image>`. The splits go by the usual names (`train`,
 * `Training`, `seg_train`, `training_set` …; `test`, `Testing`, `val`, `valid`, `validation` …), by
 * those that `options` give, or the classes stand at the root and a part of each is held back for
 * testing, which `notes` says. One folder may wrap it all, and a split may be nested once more under
 * its own name (`seg_train/seg_train/<class>`, as the public Intel archive is). Classes and files come
 * sorted by code point. Hidden files and what desktops leave are passed over. No image is opened.
 *
 * @throws `INVALID_DATA` listing everything that is wrong: no splits, and what is there instead; no
 *   classes, an empty class, a class in one split only, a symbolic link that loops or leads nowhere, a
 *   name that is not UTF-8, a folder among the images; `INVALID_ARGUMENT`
 */
export async function openDataset(root: string, options: LayoutOptions = {}): Promise<Dataset> {
  const { dataset, problems } = await scanDataset(root, options);
  assertNoProblems(dataset.root, problems);
  return dataset;
}
