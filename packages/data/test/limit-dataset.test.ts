import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Dataset, type LabelledFile, limitDataset } from '../src';

const files = (sizes: readonly number[], split: string): LabelledFile[] =>
  sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, index) => {
      const relativePath = `${split}/${label}/${index}`;
      return { path: `/${relativePath}`, relativePath, label };
    }),
  );
const counts = (chosen: readonly LabelledFile[]) =>
  [0, 1, 2].map((label) => chosen.filter((file) => file.label === label).length);

describe('limitDataset', () => {
  let dataset: Dataset;
  beforeAll(() => {
    dataset = {
      root: '/',
      classNames: ['a', 'b', 'c'],
      train: files([60, 30, 10], 'train'),
      test: files([12, 6, 2], 'test'),
      testImages: 'folder' as const,
      notes: [],
      synthetic: false,
    };
  });

  test('keeps each class in its share, and a quarter as many test images', () => {
    const { dataset: limited, notes } = limitDataset(dataset, { trainCount: 40 }, 1);
    expect(counts(limited.train)).toEqual([24, 12, 4]);
    expect(counts(limited.test)).toEqual([6, 3, 1]);
    expect(notes).toEqual([]);
  });

  test('comes to exactly the number asked for where shares are not whole', () => {
    for (const count of [3, 7, 11, 13, 50, 99]) {
      expect(limitDataset(dataset, { trainCount: count }, 1).dataset.train).toHaveLength(count);
    }
  });

  test('keeps at least one image of each class', () => {
    const { train, test: tested } = limitDataset(dataset, { trainCount: 3 }, 1).dataset;
    expect([counts(train), counts(tested)]).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  test('chooses by the seed, in the order of the files', () => {
    const choose = (seed: number) => limitDataset(dataset, { trainCount: 20 }, seed).dataset.train;
    expect(choose(5)).toEqual(choose(5));
    expect(choose(5)).not.toEqual(choose(6));
    expect(choose(5)).toEqual(dataset.train.filter((file) => choose(5).includes(file)));
  });

  test('limits test images by themselves', () => {
    const both = limitDataset(dataset, { trainCount: 10, testCount: 20 }, 1).dataset;
    expect([both.train.length, both.test.length]).toEqual([10, 20]);
    const tested = limitDataset(dataset, { testCount: 4 }, 1).dataset;
    expect([tested.train.length, tested.test.length]).toEqual([100, 4]);
    expect(() => limitDataset(dataset, { testCount: 2 }, 1)).toThrow('--test-limit');
  });

  test('takes all where there are fewer, and says so', () => {
    const { dataset: limited, notes } = limitDataset(dataset, { trainCount: 1000 }, 1);
    expect(limited).toEqual(dataset);
    expect(notes).toEqual([
      '1000 train images were asked for and there are 100: all are used.',
      '250 test images were asked for and there are 20: all are used.',
    ]);
  });

  test.each([0, 2, 3.5, Number.NaN])('refuses a limit of %p', (count) => {
    expect(() => limitDataset(dataset, { trainCount: count }, 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
