import { createHash } from 'node:crypto';
import { type ContentHashOptions, contentHashes } from '../images/content-hashes';
import type { Dataset } from './dataset';

/**
 * One hash of a data set's class names, and of each image's place, class and content: two runs with
 * the same fingerprint saw the same images. `sha256:` and 64 hexadecimal digits.
 *
 * @throws `ABORTED`
 */
export async function datasetFingerprint(
  dataset: Dataset,
  options: ContentHashOptions = {},
): Promise<string> {
  const files = [...dataset.train, ...dataset.test];
  const hashes = await contentHashes(files, options);
  const lines = files.map(({ relativePath, label }, index) => [relativePath, label, hashes[index]]);
  const { classNames, train } = dataset;
  const description = JSON.stringify({ classNames, trainCount: train.length, lines });
  return `sha256:${createHash('sha256').update(description).digest('hex')}`;
}
