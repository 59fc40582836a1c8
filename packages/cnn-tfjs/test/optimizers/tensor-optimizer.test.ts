import { adam, adamW, type OptimizerSpec, sgd, updateRule } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { randomValues } from '../../../tensorflow/test/random-values';
import { relativeError } from '../../../tensorflow/test/relative-error';
import { KeptTensors } from '../../src/model/kept-tensors';
import { TensorOptimizer } from '../../src/model/tensor-optimizer';
import { openRuntime } from '../open-runtime';

const LEARNING_RATE = 0.01;
const BETAS = [0.7, 0.9] as const;
const EPSILON = 1e-3;

/** Algorithm 1 of Kingma and Ba, in float64, as it stands. */
function kingmaAndBa(start: Float64Array, gradients: readonly Float64Array[]): Float64Array {
  const [beta1, beta2] = BETAS;
  return start.map((initial, i) => {
    let [weight, mean, variance] = [initial, 0, 0];
    gradients.forEach((gradient, step) => {
      const g = gradient[i] as number;
      mean = beta1 * mean + (1 - beta1) * g;
      variance = beta2 * variance + (1 - beta2) * g * g;
      const unbiasedMean = mean / (1 - beta1 ** (step + 1));
      const unbiasedVariance = variance / (1 - beta2 ** (step + 1));
      weight -= (LEARNING_RATE * unbiasedMean) / (Math.sqrt(unbiasedVariance) + EPSILON);
    });
    return weight;
  });
}

/** Weights after steps on `gradients`, by TensorFlow.js. */
async function train(
  spec: OptimizerSpec,
  start: Float64Array,
  gradients: readonly Float64Array[],
  threads: number,
): Promise<Float32Array> {
  const runtime = await openRuntime(threads);
  const { tf } = runtime;
  const before = tf.memory().numTensors;
  const trained = runtime.run(() => {
    tf.engine().startScope();
    const weights = new KeptTensors(tf);
    weights.set('w', tf.tensor1d(Float32Array.from(start)));
    const optimizer = new TensorOptimizer(runtime, weights);
    const update = { optimizer: spec, learningRate: LEARNING_RATE, labelSmoothing: 0 };
    for (const gradient of gradients) {
      optimizer.step({ w: tf.tensor1d(Float32Array.from(gradient)) }, update);
    }
    optimizer.reset();
    const values = weights.get('w').dataSync().slice() as Float32Array;
    weights.clear();
    tf.engine().endScope();
    return values;
  });
  expect(tf.memory().numTensors).toBe(before);
  await runtime.close();
  return trained;
}

describe('the optimiser', () => {
  it.each([
    { count: 1, threads: 1 },
    { count: 4, threads: 2 },
    { count: 103, threads: 1 },
    { count: 1003, threads: 3 },
  ])('follows the published algorithm of Adam, %o', async ({ count, threads }) => {
    const start = randomValues(count, 1);
    const gradients = [2, 3, 4, 5].map((seed) => randomValues(count, seed));
    const spec = adam({ betas: BETAS, epsilon: EPSILON });
    const trained = await train(spec, start, gradients, threads);
    const moves = (weights: ArrayLike<number>) => start.map((w, i) => (weights[i] as number) - w);
    const expected = moves(kingmaAndBa(start, gradients));
    expect(relativeError(moves(trained), expected)).toBeLessThan(1e-4);
  });

  it.each<OptimizerSpec>([
    adam({ weightDecay: 0.1 }),
    adamW({ betas: BETAS, weightDecay: 0.5 }),
    sgd(),
    sgd({ weightDecay: 0.2 }),
    sgd({ momentum: 0.9, weightDecay: 0.1 }),
    sgd({ momentum: 0.8, nesterov: true }),
  ])("moves weights as the contract's rule does, %o", async (spec) => {
    const start = randomValues(17, 1);
    const gradients = [2, 3, 4, 5].map((seed) => randomValues(17, seed));
    const rule = updateRule(spec);
    const expected = Float32Array.from(start);
    const moments = rule.moments.map(() => new Float32Array(17));
    gradients.forEach((gradient, step) => {
      const update = rule.prepare(step + 1, LEARNING_RATE, 1);
      update(expected, Float32Array.from(gradient), moments);
    });
    expect(relativeError(await train(spec, start, gradients, 1), expected)).toBeLessThan(1e-6);
  });
});
