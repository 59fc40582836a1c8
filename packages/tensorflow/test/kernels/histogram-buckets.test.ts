import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { histogramBuckets } from '../../src/kernels/histogram-buckets';
import type { TensorFlow } from '../../src/tensorflow-js';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
const buckets = (values: number[], count?: number) =>
  histogramBuckets(tf, tf.tensor1d(values), count).arraySync();

it('counts values between equal edges, the largest in the last', () => {
  expect(buckets([0, 1, 1.5, 4], 4)).toEqual([
    [0, 1, 1],
    [1, 2, 2],
    [2, 3, 0],
    [3, 4, 1],
  ]);
  expect(buckets([0, 1])).toHaveLength(30);
});

it('makes one bucket of equal values, and none of nothing', () => {
  expect(buckets([3, 3, Number.NaN])).toEqual([[2.5, 3.5, 2]]);
  expect(histogramBuckets(tf, tf.tensor1d([])).shape).toEqual([0, 3]);
  expect(() => buckets([1], 0)).toThrow('whole number of buckets');
});
