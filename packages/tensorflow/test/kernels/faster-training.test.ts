import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { hasTensorFlow } from '../native-tensorflow';
import { randomValues } from '../random-values';
import { relativeError } from '../relative-error';

/** With gradients, and with its own backend `cpu` to compare with. */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
registerTensorFlow(tf);

/** Weights after a few steps of tf.train.adam on a loss with a rectifier and max-pooling. */
async function trainedWeights(backend: string): Promise<Float32Array> {
  await tf.setBackend(backend);
  await tf.ready();
  const image = tf.tensor4d(Float32Array.from(randomValues(2 * 4 * 4 * 3, 1)), [2, 4, 4, 3]);
  const initial = tf.tensor1d(Float32Array.from(randomValues(3, 2)));
  const weight = tf.variable(initial);
  initial.dispose();
  const optimizer = tf.train.adam(0.1);
  const before = tf.memory().numTensors;
  for (let step = 0; step < 5; step++) {
    optimizer.minimize(() => {
      const pooled = tf.maxPool(tf.relu(tf.mul(image, weight)) as typeof image, 2, 2, 'valid');
      return tf.sum(tf.square(tf.sub(pooled as Tensor, 1)));
    });
    // The moments of one variable, and the optimiser's count of steps, come with the first one.
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(3);
  }
  const values = weight.dataSync<'float32'>().slice();
  for (const tensor of [weight, image]) tensor.dispose();
  optimizer.dispose();
  return values;
}

describe('training with TensorFlow.js alone', () => {
  it('works on other backends as before', async () => {
    const weights = await trainedWeights('cpu');
    expect(weights).toHaveLength(3);
    expect(weights.every(Number.isFinite)).toBe(true);
  });

  if (hasTensorFlow) {
    it('gives the same weights as on the CPU backend of TensorFlow.js', async () => {
      const expected = await trainedWeights('cpu');
      expect(relativeError(await trainedWeights('tensorflow'), expected)).toBeLessThan(1e-5);
    });

    it('updates a weight without touching a copy of it', async () => {
      await tf.setBackend('tensorflow');
      const weight = tf.variable(tf.tensor1d([1, 2]));
      const copy = tf.clone(weight);
      const optimizer = tf.train.adam(0.1);
      optimizer.minimize(() => tf.sum(tf.square(weight)));
      expect([...copy.dataSync()]).toEqual([1, 2]);
      expect(weight.dataSync()[0]).toBeCloseTo(0.9, 5);
      optimizer.minimize(() => tf.sum(tf.square(weight)));
      expect([...copy.dataSync()]).toEqual([1, 2]);
      for (const tensor of [weight, copy]) tensor.dispose();
      optimizer.dispose();
    });
  }
});
