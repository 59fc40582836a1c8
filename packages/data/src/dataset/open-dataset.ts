import type { Dataset } from './dataset';
import { assertNoProblems } from './problem';
import { scanDataset } from './scan-dataset';

/**
 * Opens an image folder: `<split>/<class>/<image>`, the splits named `seg_train` and `seg_test` or
 * `train` and `test`, flat or nested once more under their own name (`seg_train/seg_train/<class>`,
 * as the public Intel archive is). Classes and files come sorted by code point. Names that begin
 * with a dot are passed over. No image is opened.
 *
 * @throws `INVALID_DATA` listing everything that is wrong: no split, no classes, an empty class, a
 *   class in one split only, a symbolic link that loops or leads nowhere, a name that is not UTF-8,
 *   a folder among the images
 */
export async function openDataset(root: string): Promise<Dataset> {
  const { dataset, problems } = await scanDataset(root);
  assertNoProblems(dataset.root, problems);
  return dataset;
}
