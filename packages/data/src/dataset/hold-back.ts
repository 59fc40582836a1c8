import { createGenerator, permutation } from '@dlcmp/contract';
import { groupByLabel, type LabelledFile } from './dataset';

/** One data set's images, told apart. */
export interface HeldBack {
  readonly train: readonly LabelledFile[];
  readonly test: readonly LabelledFile[];
}

/**
 * Holds back `share` (0–1) of each class for testing, rounded, at least one and never all, chosen by
 * `seed`; a class of one image stays with the training images. Both keep the files' order.
 */
export function holdBack(
  files: readonly LabelledFile[],
  classCount: number,
  share: number,
  seed: number,
): HeldBack {
  const held = new Set<LabelledFile>();
  for (const [label, group] of groupByLabel(files, classCount).entries()) {
    const count = Math.min(Math.max(1, Math.round(group.length * share)), group.length - 1);
    const order = permutation(createGenerator(seed, 'split', label), group.length);
    for (const index of order.subarray(0, Math.max(0, count)))
      held.add(group[index] as LabelledFile);
  }
  return {
    train: files.filter((file) => !held.has(file)),
    test: files.filter((file) => held.has(file)),
  };
}
