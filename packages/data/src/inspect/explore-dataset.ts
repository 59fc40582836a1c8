import type { Dataset } from '../dataset/dataset';
import { openDataset } from '../dataset/open-dataset';
import { BadImage, isUsable, orBadImage } from '../images/bad-image';
import { assertImageFormat } from '../images/image-format';
import { loadSharp } from '../images/load-sharp';
import { mapConcurrently } from '../images/map-concurrently';
import { readImageFile } from '../images/read-image-file';
import { type ClassCount, countImages } from './count-images';
import { type PixelSize, type SizeStatistics, sizeStatistics } from './size-statistics';
import type { InspectOptions } from './verify-dataset';

/** A data set at a glance. */
export interface DatasetSummary {
  readonly dataset: Dataset;
  readonly counts: readonly ClassCount[];
  /** Absent where no image can be read. */
  readonly sizes?: SizeStatistics;
  /** Files whose header cannot be read as an image's; `verifyDataset` says why. */
  readonly unreadableCount: number;
}

/** Files whose header is read at once. */
const CONCURRENCY = 16;

/**
 * Counts a data set's images and reads their sizes from their headers, without decoding them.
 *
 * @throws `INVALID_DATA` as `openDataset`, `ABORTED`, `FRAMEWORK_MISSING`
 */
export async function exploreDataset(
  root: string,
  options: InspectOptions = {},
): Promise<DatasetSummary> {
  const dataset = await openDataset(root, options);
  const files = [...dataset.train, ...dataset.test];
  const concurrent = { ...options, concurrency: CONCURRENCY, task: 'Exploring' };
  const outcomes = await mapConcurrently(files, concurrent, ({ path }) =>
    orBadImage(() => readSize(path)),
  );
  const readable = outcomes.filter(isUsable);
  const sizes = sizeStatistics(readable);
  return {
    dataset,
    counts: countImages(dataset),
    ...(sizes && { sizes }),
    unreadableCount: files.length - readable.length,
  };
}

async function readSize(path: string): Promise<PixelSize> {
  const sharp = await loadSharp();
  const { bytes } = await readImageFile(path);
  assertImageFormat(bytes);
  try {
    return (await sharp(bytes).metadata()).autoOrient;
  } catch (cause) {
    throw new BadImage('has no readable header', { cause });
  }
}
