/** One image of a data set, by its place on disk. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string;
  /** From the data set's root, with `/` on every platform. */
  readonly relativePath: string;
}

/** An image whose class is known. */
export interface LabelledFile extends ImageFile {
  /** Index of its class. */
  readonly label: number;
}

export type Split = 'train' | 'test';

/** Images of known classes, those to train on and those to test on. */
export interface Dataset {
  /** Absolute: the folder that was opened, or the one inside that it wraps. */
  readonly root: string;
  /** In Unicode's normal form NFC, sorted by code point; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** By class, then by name. */
  readonly train: readonly LabelledFile[];
  readonly test: readonly LabelledFile[];
  /** Where the test images come from: a folder of their own, or held back from the rest by the seed. */
  readonly testImages: 'folder' | 'held-back';
  /** Sentences a reader must know: which images were held back, which folders take no part. */
  readonly notes: readonly string[];
  /** Whether the images were drawn by `createSampleSet`; reports say so. */
  readonly synthetic: boolean;
}

/** The files of each class, by class index. */
export function groupByLabel<File extends { readonly label: number }>(
  files: readonly File[],
  classCount: number,
): File[][] {
  const groups: File[][] = Array.from({ length: classCount }, () => []);
  for (const file of files) groups[file.label]?.push(file);
  return groups;
}
