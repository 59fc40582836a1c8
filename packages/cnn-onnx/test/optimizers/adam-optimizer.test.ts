import { resolveAdamOptions, type Weights } from '@dlcmp/bench-core/contract';
import { describe, expect, it } from '@jest/globals';
import * as onnxruntime from 'onnxruntime-node';
import { AdamOptimizer } from '../../src/optimizers/adam-optimizer';
import { createOnnxRuntime } from '../../src/runtime/onnx-runtime';
import { randomValues } from '../layers/layer-check';
import { relativeError } from '../relative-error';

/** Longer than one chunk of the optimiser, and no multiple of it. */
const COUNT = 2 ** 18 + 1000;
const options = resolveAdamOptions({ learningRate: 0.01, betas: [0.7, 0.9], epsilon: 1e-3 });

/** Algorithm 1 of Kingma and Ba, in float64, as it stands. */
function kingmaAndBa(start: Float64Array, gradients: readonly Float64Array[]): Float64Array {
  const { learningRate, betas, epsilon } = options;
  const [mean, variance] = [new Float64Array(start.length), new Float64Array(start.length)];
  const weight = start.slice();
  gradients.forEach((gradient, step) => {
    gradient.forEach((g, i) => {
      mean[i] = betas[0] * (mean[i] as number) + (1 - betas[0]) * g;
      variance[i] = betas[1] * (variance[i] as number) + (1 - betas[1]) * g * g;
      const unbiasedMean = (mean[i] as number) / (1 - betas[0] ** (step + 1));
      const unbiasedVariance = (variance[i] as number) / (1 - betas[1] ** (step + 1));
      const change = (learningRate * unbiasedMean) / (Math.sqrt(unbiasedVariance) + epsilon);
      weight[i] = (weight[i] as number) - change;
    });
  });
  return weight;
}

function single(values: Float64Array): Weights {
  return { w: { shape: [values.length], data: Float32Array.from(values) } };
}

async function train(start: Float64Array, gradients: readonly Float64Array[], rehearse: boolean) {
  const [weights, current] = [single(start), single(start)];
  const runtime = createOnnxRuntime(onnxruntime, 1);
  const optimizer = await AdamOptimizer.create(runtime, weights, current);
  if (rehearse) {
    await optimizer.step(options);
    optimizer.reset();
    weights.w?.data.set(start);
  }
  for (const gradient of gradients) {
    current.w?.data.set(gradient);
    await optimizer.step(options);
  }
  await optimizer.release();
  return weights.w?.data as Float32Array;
}

describe('AdamOptimizer', () => {
  const start = randomValues(COUNT);
  const gradients = Array.from({ length: 4 }, () => randomValues(COUNT));
  const moves = (weights: ArrayLike<number>) => start.map((w, i) => (weights[i] as number) - w);

  it('follows the published algorithm, bias correction included', async () => {
    const expected = moves(kingmaAndBa(start, gradients));
    expect(relativeError(moves(await train(start, gradients, false)), expected)).toBeLessThan(1e-5);
  });

  it('forgets earlier steps when reset', async () => {
    const fresh = await train(start, gradients, false);
    expect(await train(start, gradients, true)).toEqual(fresh);
  });
});
