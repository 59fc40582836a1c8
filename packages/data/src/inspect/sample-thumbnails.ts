import { assertArgument, createGenerator, permutation } from '@dlcmp/contract';
import { type Dataset, groupByLabel, type LabelledFile } from '../dataset/dataset';
import { BadImage, orBadImage } from '../images/bad-image';
import { renderThumbnail } from './render-thumbnail';

export interface SampleThumbnailsOptions {
  /** Images of each class. Default 8. */
  readonly perClass?: number;
  /** Chooses the images. Default 1. */
  readonly seed?: number;
  /** Side of a thumbnail in pixels. Default 112. */
  readonly side?: number;
}

/** Some images of one class, as small PNG files. */
export interface ClassThumbnails {
  readonly className: string;
  readonly images: readonly Uint8Array[];
}

/**
 * `perClass` training images of each class, chosen by `seed`, for a look at a data set. Images that
 * cannot be decoded are passed over; a class with fewer images has fewer thumbnails.
 *
 * @throws `INVALID_ARGUMENT`, `FRAMEWORK_MISSING`
 */
export async function sampleThumbnails(
  dataset: Dataset,
  options: SampleThumbnailsOptions = {},
): Promise<ClassThumbnails[]> {
  const { perClass = 8, seed = 1, side = 112 } = options;
  for (const [name, value] of Object.entries({ perClass, side })) {
    assertArgument(
      Number.isInteger(value) && value >= 1,
      `${name} must be a whole number ≥ 1, not ${value}.`,
    );
  }
  const classes = groupByLabel(dataset.train, dataset.classNames.length);
  return Promise.all(
    classes.map(async (files, label) => {
      const order = permutation(createGenerator(seed, 'sample-thumbnails', label), files.length);
      const shuffled = Array.from(order, (index) => files[index] as LabelledFile);
      const className = dataset.classNames[label] as string;
      return { className, images: await firstThumbnails(shuffled, perClass, side) };
    }),
  );
}

async function firstThumbnails(
  files: readonly LabelledFile[],
  count: number,
  side: number,
): Promise<Uint8Array[]> {
  const images: Uint8Array[] = [];
  for (const { path } of files) {
    if (images.length === count) break;
    const image = await orBadImage(() => renderThumbnail(path, side));
    if (!(image instanceof BadImage)) images.push(image);
  }
  return images;
}
