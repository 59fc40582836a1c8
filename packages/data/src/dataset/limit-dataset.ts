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

/** How many images are kept. */
export interface DatasetLimits {
  /** Default: all. */
  readonly trainCount?: number | undefined;
  /** Default: a quarter of `trainCount`. */
  readonly testCount?: number | undefined;
}

/**
 * As many training and test images as `limits` says, each class in its share of the whole, chosen by `seed`; at least one of
 * each class. Where there are fewer, all are taken and `notes` says so.
 *
 * @throws `INVALID_ARGUMENT` unless counts are whole numbers of at least one image a class
 */
export function limitDataset(
  dataset: Dataset,
  { trainCount, testCount }: DatasetLimits,
  seed: number,
): LimitedDataset {
  const classCount = dataset.classNames.length;
  const notes: string[] = [];
  const choose = (split: Split, count: number | undefined) => {
    const files = dataset[split];
    if (count === undefined) return files;
    if (count > files.length) {
      notes.push(
        `${count} ${split} images were asked for and there are ${files.length}: all are used.`,
      );
    }
    return count >= files.length ? files : chooseStratified(files, classCount, count, seed, split);
  };
  assertCount('--limit', 'training', trainCount, classCount);
  assertCount('--test-limit', 'test', testCount, classCount);
  const share =
    trainCount === undefined
      ? undefined
      : Math.max(classCount, Math.round(trainCount * TEST_SHARE));
  const limited = {
    ...dataset,
    train: choose('train', trainCount),
    test: choose('test', testCount ?? share),
  };
  return { dataset: limited, notes };
}

function assertCount(
  option: string,
  what: string,
  count: number | undefined,
  classCount: number,
): void {
  assertArgument(
    count === undefined || (Number.isInteger(count) && count >= classCount),
    `The limit must be a whole number of at least ${classCount} ${what} images, one for each class (${option}), not ${count}.`,
  );
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
