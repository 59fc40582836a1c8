import { assertArgument, createGenerator, permutation } from '@dlcmp/contract';
import { type Dataset, groupByLabel, type LabelledFile, type Split } from './dataset';

/** Test images kept for each training image. */
const TEST_SHARE = 1 / 4;

/** A data set made smaller. */
export interface LimitedDataset {
  readonly dataset: Dataset;
  /** Sentences a reader must know: that there were fewer images than asked for. */
  readonly notes: readonly string[];
}

/**
 * `trainCount` training images and a quarter as many test images, each class in its share of the
 * whole, chosen by `seed`; at least one of each class. Where there are fewer, all are taken and
 * `notes` says so.
 *
 * @throws `INVALID_ARGUMENT` unless `trainCount` is a whole number of at least one image a class
 */
export function limitDataset(dataset: Dataset, trainCount: number, seed: number): LimitedDataset {
  const classCount = dataset.classNames.length;
  assertArgument(
    Number.isInteger(trainCount) && trainCount >= classCount,
    `The limit must be a whole number of at least ${classCount} training images, one for each class (--limit), not ${trainCount}.`,
  );
  const testCount = Math.max(classCount, Math.round(trainCount * TEST_SHARE));
  const notes: string[] = [];
  const choose = (split: Split, count: number) => {
    const files = dataset[split];
    if (count > files.length) {
      notes.push(
        `${count} ${split} images were asked for and there are ${files.length}: all are used.`,
      );
    }
    return count >= files.length ? files : chooseStratified(files, classCount, count, seed, split);
  };
  return {
    dataset: { ...dataset, train: choose('train', trainCount), test: choose('test', testCount) },
    notes,
  };
}

function chooseStratified(
  files: readonly LabelledFile[],
  classCount: number,
  count: number,
  seed: number,
  split: Split,
): LabelledFile[] {
  const groups = groupByLabel(files, classCount);
  const shares = apportion(
    groups.map((group) => group.length),
    count,
  );
  return groups.flatMap((group, label) => {
    const order = permutation(createGenerator(seed, `limit/${split}`, label), group.length);
    const chosen = new Set(order.subarray(0, shares[label]));
    return group.filter((_, index) => chosen.has(index));
  });
}

/**
 * `total` seats in proportion to `sizes`, at least one each: every further seat goes to the one
 * furthest below its share, the first of equals.
 */
function apportion(sizes: readonly number[], total: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const seats = sizes.map(() => 1);
  for (let seated = seats.length; seated < total; seated++) {
    const shortfalls = sizes.map((size, index) => (size * total) / all - (seats[index] ?? 0));
    const neediest = shortfalls.indexOf(Math.max(...shortfalls));
    seats[neediest] = (seats[neediest] ?? 0) + 1;
  }
  return seats;
}
