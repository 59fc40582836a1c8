import { type Dataset, groupByLabel } from '../dataset/dataset';

/** Files of one class in each split. */
export interface ClassCount {
  readonly className: string;
  readonly train: number;
  readonly test: number;
}

/** Files of every class, in the order of the classes. */
export function countImages(dataset: Dataset): ClassCount[] {
  const train = groupByLabel(dataset.train, dataset.classNames.length);
  const test = groupByLabel(dataset.test, dataset.classNames.length);
  return dataset.classNames.map((className, label) => ({
    className,
    train: train[label]?.length ?? 0,
    test: test[label]?.length ?? 0,
  }));
}
