import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';
import { mixedTensor } from './against-cpu/edge-values';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;

/** What TensorFlow.js's own backend has wrong, so that it is no measure here. */
const GRADIENTS: Readonly<Record<string, (x: Tensor4D) => Tensor>> = {
  'a convolution, its size rounded up': (x) =>
    tf.conv2d(x, mixedTensor(tf, [3, 3, 1, 2]) as Tensor4D, 2, 1, 'NHWC', 1, 'ceil'),
  'a max-pool, its size rounded up': (x) => tf.maxPool(x, 3, 2, 1, 'ceil'),
  'an average pool, its size rounded up': (x) => tf.avgPool(x, 3, 2, 1, 'ceil'),
  'an average pool with padding on the right': (x) => tf.avgPool(x, [3, 2], 1, 'same'),
};

const STEP = 1e-3;

describeOnTensorFlow('padding in numbers', () => {
  beforeAll(async () => {
    registerTensorFlow(tf);
    await tf.setBackend('tensorflow');
  });

  it.each(Object.entries(GRADIENTS))('has the gradient of %s right', (_, compute) => {
    const x = mixedTensor(tf, [1, 6, 6, 1]) as Tensor4D;
    const weights = mixedTensor(tf, compute(x).shape);
    const score = (image: Tensor) => tf.sum(tf.mul(compute(image as Tensor4D), weights));
    const gradient = tf.grad(score)(x).dataSync<'float32'>();
    const differences = Array.from(gradient, (_, index) => {
      const [more, less] = [STEP, -STEP].map((step) => {
        const moved = tf.oneHot(tf.scalar(index, 'int32'), x.size, step, 0, 'float32');
        return compute(tf.add(x, tf.reshape(moved, x.shape)) as Tensor4D);
      }) as [Tensor, Tensor];
      return tf.sum(tf.mul(tf.sub(more, less), weights)).dataSync<'float32'>()[0]! / (2 * STEP);
    });
    const errors = differences.map((value, index) => Math.abs(value - gradient[index]!));
    expect(Math.max(...errors)).toBeLessThan(1e-3);
    expect(Math.max(...gradient)).toBeGreaterThan(0.1);
  });

  it('pads rectangular windows by their own sizes', () => {
    const ones = tf.ones([1, 2, 3, 1]) as Tensor4D;
    const sums = tf.conv2d(ones, tf.ones([1, 3, 1, 1]) as Tensor4D, 1, 1);
    expect(sums.shape).toEqual([1, 4, 3, 1]);
    expect([...sums.dataSync()]).toEqual([0, 0, 0, 2, 3, 2, 2, 3, 2, 0, 0, 0]);
  });

  it('cuts off where it is negative', () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const padded = tf.pad(x, [
      [1, -1],
      [-1, 1],
    ]);
    expect(padded.arraySync()).toEqual([
      [0, 0, 0],
      [2, 3, 0],
    ]);
  });
});
