import { adamFactors } from '@dlcmp/contract';
import { KernelPool, SharedHeap } from '@dlcmp/kernels';
import { describe, expect, it } from '@jest/globals';
import { AdamOptimizer } from '../../src/blocks/adam-optimizer';
import { viewMemory } from '../../src/runtime/view-memory';
import { randomValues } from '../graph/nodes/node-check';
import { relativeError } from '../relative-error';

/** Shared out among three threads, and no multiple of a vector. */
const COUNT = 10_001;
const THREADS = 3;
const options = { learningRate: 0.01, betas: [0.7, 0.9], epsilon: 1e-3 } as const;

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

async function train(start: Float64Array, gradients: readonly Float64Array[], rehearse: boolean) {
  const heap = new SharedHeap(viewMemory);
  const pool = await KernelPool.create(heap.memory, THREADS);
  const [weight, current] = [heap.floats(COUNT), heap.floats(COUNT)];
  const optimizer = new AdamOptimizer(pool, heap, { w: weight }, { w: current });
  weight.data.set(start);
  if (rehearse) {
    current.data.set(start);
    optimizer.step(adamFactors(1, options.learningRate, options));
    optimizer.reset();
    weight.data.set(start);
  }
  for (const [index, gradient] of gradients.entries()) {
    current.data.set(gradient);
    optimizer.step(adamFactors(index + 1, options.learningRate, options));
  }
  await pool.close();
  return weight.data.slice();
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
