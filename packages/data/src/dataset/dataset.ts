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

/** An image folder with a training and a test split. */
export interface Dataset {
  /** Absolute. */
  readonly root: string;
  /** Sorted by code point; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** By class, then by name. */
  readonly train: readonly LabelledFile[];
  readonly test: readonly LabelledFile[];
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
