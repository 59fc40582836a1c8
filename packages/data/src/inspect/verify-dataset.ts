import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Dataset, LabelledFile, Split } from '../dataset/dataset';
import type { LayoutOptions } from '../dataset/layout-options';
import type { DatasetProblem } from '../dataset/problem';
import { scanDataset } from '../dataset/scan-dataset';
import { isUsable, orBadImage } from '../images/bad-image';
import { decodeImage } from '../images/decode-image';
import { mapConcurrently } from '../images/map-concurrently';
import { readImageFile } from '../images/read-image-file';
import { type ClassCount, countImages } from './count-images';
import { type DuplicateGroup, findDuplicates, type InspectedImage } from './duplicates';
import { type PixelSize, type SizeStatistics, sizeStatistics } from './size-statistics';

export interface InspectOptions extends LayoutOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
}

/** What was found wrong with a data set. */
export interface DatasetReport {
  /** What was found, also where it cannot be used. */
  readonly dataset: Dataset;
  /** Empty where the data set can be used. */
  readonly problems: readonly DatasetProblem[];
  readonly duplicates: readonly DuplicateGroup[];
  readonly counts: readonly ClassCount[];
  /** Of the images that can be decoded; absent where there are none. */
  readonly sizes?: SizeStatistics;
}

/**
 * Decodes every image of the folder `root` and reports at once what is wrong: the folder's
 * structure, files that cannot be read, JPEGs whose coded data show damage, and images that are there twice. Throws only `ABORTED`,
 * `FRAMEWORK_MISSING`, and `INVALID_ARGUMENT` for options that contradict one another.
 */
export async function verifyDataset(
  root: string,
  options: InspectOptions = {},
): Promise<DatasetReport> {
  const { dataset, problems } = await scanDataset(root, options);
  const files = [
    ...dataset.train.map((file) => ({ ...file, split: 'train' as const })),
    ...dataset.test.map((file) => ({ ...file, split: 'test' as const })),
  ];
  const concurrent = { ...options, concurrency: availableParallelism(), task: 'Verifying' };
  const outcomes = await mapConcurrently(files, concurrent, (file) =>
    orBadImage(() => inspect(file)),
  );
  const images = outcomes.filter(isUsable);
  const badImages = outcomes.flatMap((outcome, index): DatasetProblem[] => {
    if (isUsable(outcome)) return [];
    const path = files[index]?.path ?? '';
    return [{ kind: 'bad-image', path, message: `${path} ${outcome.reason}.` }];
  });
  const sizes = sizeStatistics(images);
  return {
    dataset,
    problems: [...problems, ...badImages],
    duplicates: findDuplicates(images),
    counts: countImages(dataset),
    ...(sizes && { sizes }),
  };
}

async function inspect(
  file: LabelledFile & { readonly split: Split },
): Promise<InspectedImage & PixelSize> {
  const { bytes, contentHash } = await readImageFile(file.path);
  return decodeImage(
    bytes,
    ({ pixels, width, height }) => {
      const hash = createHash('sha256').update(`${width}×${height}`).update(pixels);
      return { ...file, contentHash, pixelHash: hash.digest('hex'), width, height };
    },
    { thorough: true },
  );
}
