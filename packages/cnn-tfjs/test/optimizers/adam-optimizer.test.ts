import { describe, expect, it } from '@jest/globals';
import { randomValues } from '../../../tensorflow/test/random-values';
import { relativeError } from '../../../tensorflow/test/relative-error';
import { AdamOptimizer } from '../../src/optimizers/adam-optimizer';
import { openRuntime } from '../open-runtime';

const OPTIONS = { learningRate: 0.01, betas: [0.7, 0.9], epsilon: 1e-3 } as const;

/** Algorithm 1 of Kingma and Ba, in float64, as it stands. */
function kingmaAndBa(start: Float64Array, gradients: readonly Float64Array[]): Float64Array {
  const [beta1, beta2] = OPTIONS.betas;
  return start.map((initial, i) => {
    let [weight, mean, variance] = [initial, 0, 0];
    gradients.forEach((gradient, step) => {
      const g = gradient[i] as number;
      mean = beta1 * mean + (1 - beta1) * g;
      variance = beta2 * variance + (1 - beta2) * g * g;
      const unbiasedMean = mean / (1 - beta1 ** (step + 1));
      const unbiasedVariance = variance / (1 - beta2 ** (step + 1));
      weight -=
        (OPTIONS.learningRate * unbiasedMean) / (Math.sqrt(unbiasedVariance) + OPTIONS.epsilon);
    });
    return weight;
  });
}

describe('AdamOptimizer', () => {
  it.each([
    { count: 1, threads: 1 },
    { count: 4, threads: 2 },
    { count: 103, threads: 1 },
    { count: 1003, threads: 3 },
  ])('follows the published algorithm, %o', async ({ count, threads }) => {
    const start = randomValues(count, 1);
    const gradients = [2, 3, 4, 5].map((seed) => randomValues(count, seed));
    const runtime = await openRuntime(threads);
    const { tf } = runtime;
    const before = tf.memory().numTensors;
    const trained = runtime.run(() => {
      const weights = { w: tf.tensor1d(Float32Array.from(start)) };
      const optimizer = new AdamOptimizer(runtime, weights);
      for (const gradient of gradients) {
        const w = tf.tensor1d(Float32Array.from(gradient));
        optimizer.step({ w }, OPTIONS);
        w.dispose();
      }
      optimizer.dispose();
      const values = weights.w.dataSync();
      weights.w.dispose();
      return values;
    });
    expect(tf.memory().numTensors).toBe(before);
    await runtime.close();
    const moves = (weights: ArrayLike<number>) => start.map((w, i) => (weights[i] as number) - w);
    const expected = moves(kingmaAndBa(start, gradients));
    expect(relativeError(moves(trained), expected)).toBeLessThan(1e-4);
  });
});
