import { adam, adamW, type OptimizerSpec, sgd, updateRule } from '@dlcmp/contract';
import { KernelPool, SharedHeap } from '@dlcmp/kernels';
import { describe, expect, it } from '@jest/globals';
import { BlockOptimizer } from '../../src/blocks/block-optimizer';
import { updateCall } from '../../src/blocks/optimizer-calls';
import { viewMemory } from '../../src/runtime/view-memory';
import { randomValues } from '../graph/nodes/node-check';
import { relativeError } from '../relative-error';

/** Shared out among three threads, and no multiple of a vector. */
const COUNT = 10_001;
const THREADS = 3;
const LEARNING_RATE = 0.01;

const OPTIMIZERS: readonly OptimizerSpec[] = [
  sgd(),
  sgd({ weightDecay: 0.1 }),
  sgd({ momentum: 0.9, weightDecay: 0.1 }),
  sgd({ momentum: 0.9, nesterov: true }),
  adam({ betas: [0.7, 0.9], epsilon: 1e-3 }),
  adam({ betas: [0.7, 0.9], epsilon: 1e-3, weightDecay: 0.1 }),
  adamW({ betas: [0.7, 0.9], epsilon: 1e-3, weightDecay: 0.1 }),
];

const start = randomValues(COUNT);
const gradients = Array.from({ length: 4 }, () => randomValues(COUNT));

/** By the contract's rule in float64, which its own tests hold against PyTorch. */
function expectedWeights(spec: OptimizerSpec, scale: number): Float64Array {
  const weight = start.slice();
  const rule = updateRule(spec);
  const moments = rule.moments.map(() => new Float64Array(COUNT));
  for (const [index, gradient] of gradients.entries())
    rule.prepare(index + 1, LEARNING_RATE, scale)(weight, gradient, moments);
  return weight;
}

async function train(spec: OptimizerSpec, scale: number, rehearse: boolean) {
  const heap = new SharedHeap(viewMemory);
  const pool = await KernelPool.create(heap.memory, THREADS);
  const [weight, current] = [heap.floats(COUNT), heap.floats(COUNT)];
  const optimizer = new BlockOptimizer(pool, heap, spec, { w: weight });
  const step = (gradient: Float64Array, number: number) => {
    current.data.set(gradient);
    optimizer.step({ w: current }, updateCall(spec, number, LEARNING_RATE, scale));
  };
  weight.data.set(start);
  if (rehearse) {
    step(start, 1);
    optimizer.reset();
    weight.data.set(start);
  }
  for (const [index, gradient] of gradients.entries()) step(gradient, index + 1);
  await pool.close();
  return weight.data.slice();
}

describe.each(OPTIMIZERS)('BlockOptimizer with %j', (spec) => {
  const moves = (weights: ArrayLike<number>) => start.map((w, i) => (weights[i] as number) - w);

  it.each([1, 0.3])('moves as the rule does, gradients times %f', async (scale) => {
    const expected = moves(expectedWeights(spec, scale));
    expect(relativeError(moves(await train(spec, scale, false)), expected)).toBeLessThan(1e-5);
  });

  it('forgets earlier steps when reset', async () => {
    const fresh = await train(spec, 1, false);
    expect(await train(spec, 1, true)).toEqual(fresh);
  });
});
