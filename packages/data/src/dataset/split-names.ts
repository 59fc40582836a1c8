import type { Split } from './dataset';

/** What people call each split, the most telling first; see {@link splitRank}. */
const SPLIT_NAMES: Readonly<Record<Split, readonly string[]>> = {
  train: ['segtrain', 'train', 'training', 'trainset', 'trainingset', 'traindata', 'trainingdata'],
  test: [
    ...['segtest', 'test', 'testing', 'testset', 'testingset', 'testdata', 'testingdata'],
    ...['val', 'valid', 'validation', 'valset', 'validset', 'validationset', 'validationdata'],
  ],
};

/** Folders of a name that begins so hold a part of the images, not a class of them. */
const PART = /^(seg)?(train|test|val|valid|pred|predict)/;

/**
 * The place of the folder `name` among the names of `split`, 0 the most telling; -1 where it is none.
 * Letter case, spaces, `_` and `-` make no difference.
 */
export function splitRank(split: Split, name: string): number {
  return SPLIT_NAMES[split].indexOf(simplify(name));
}

/** Whether the folder `name` seems to hold a part of a data set, rather than a class. */
export function isPartName(name: string): boolean {
  return PART.test(simplify(name));
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}
