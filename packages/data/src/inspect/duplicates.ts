import type { LabelledFile, Split } from '../dataset/dataset';

/** One image of a data set, with what tells it from others. */
export interface InspectedImage extends LabelledFile {
  readonly split: Split;
  /** SHA-256 of the file's bytes. */
  readonly contentHash: string;
  /** SHA-256 of its size and its pixels as decoded. */
  readonly pixelHash: string;
}

/** Files that show the same picture, pixel by pixel. */
export interface DuplicateGroup {
  readonly files: readonly (LabelledFile & { readonly split: Split })[];
  /** Whether the files are the same byte by byte, too. */
  readonly identicalBytes: boolean;
  /** Whether a test image is also trained on. */
  readonly acrossSplits: boolean;
  /** Whether one picture has two classes. */
  readonly acrossClasses: boolean;
}

/** Groups of two or more images with the same pixels, in the order of their first file. */
export function findDuplicates(images: readonly InspectedImage[]): DuplicateGroup[] {
  const groups = new Map<string, InspectedImage[]>();
  for (const image of images) {
    const group = groups.get(image.pixelHash);
    if (group) group.push(image);
    else groups.set(image.pixelHash, [image]);
  }
  return [...groups.values()].filter((group) => group.length > 1).map(describeGroup);
}

function describeGroup(group: readonly InspectedImage[]): DuplicateGroup {
  const differs = (field: 'contentHash' | 'split' | 'label') =>
    new Set(group.map((image) => image[field])).size > 1;
  return {
    files: group.map(({ path, relativePath, label, split }) => ({
      path,
      relativePath,
      label,
      split,
    })),
    identicalBytes: !differs('contentHash'),
    acrossSplits: differs('split'),
    acrossClasses: differs('label'),
  };
}
