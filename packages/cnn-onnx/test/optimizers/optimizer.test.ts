import type { Weights } from '@dlcmp/contract';
import { clippingScale, globalNorm } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { adam, adamW, sgd } from '../../src/index';
import { createOptimizer } from '../../src/optimizers/optimizer';
import { readFixture } from '../fixtures/read-fixture';
import { relativeError } from '../relative-error';

type Tensors = readonly (readonly number[])[];

interface RecordedOptimizer {
  readonly kind: 'sgd' | 'adam' | 'adamW';
  readonly options: object;
  readonly clipping: number | null;
  readonly start: Tensors;
  readonly steps: readonly {
    readonly learningRate: number;
    readonly gradients: Tensors;
    readonly norm: number | null;
    readonly weights: Tensors;
  }[];
}

const FACTORIES = { sgd, adam, adamW };
const RECORDED = readFixture<RecordedOptimizer>('optimizers');

function asWeights(tensors: Tensors): Weights {
  return Object.fromEntries(
    tensors.map((data, index) => [
      `w${index}`,
      { shape: [data.length], data: Float32Array.from(data) },
    ]),
  );
}

function assign(target: Weights, source: Tensors): void {
  source.forEach((data, index) => {
    target[`w${index}`]?.data.set(data);
  });
}

function prepare({ kind, options, start }: RecordedOptimizer) {
  const weights = asWeights(start);
  const gradients = asWeights(start.map((data) => data.map(() => 0)));
  const optimizer = createOptimizer(FACTORIES[kind](options), weights, gradients);
  return { weights, gradients, optimizer };
}

describe('optimisers', () => {
  it.each(RECORDED)('move as PyTorch’s: $kind $options, clipping $clipping', async (recorded) => {
    const { weights, gradients, optimizer } = prepare(recorded);
    for (const step of recorded.steps) {
      assign(gradients, step.gradients);
      const norm = globalNorm(gradients);
      if (step.norm !== null) expect(norm).toBeCloseTo(step.norm, 5);
      const scale = recorded.clipping === null ? 1 : clippingScale(norm, recorded.clipping);
      await optimizer.step(step.learningRate, scale);
      step.weights.forEach((expected, index) => {
        expect(relativeError(weights[`w${index}`]?.data ?? [], expected)).toBeLessThan(1e-6);
      });
    }
    expect(optimizer.stepCount).toBe(recorded.steps.length);
  });

  it.each(RECORDED.slice(0, 10))(
    'go on bitwise from their state: $kind $options',
    async (recorded) => {
      const [whole, broken] = [prepare(recorded), prepare(recorded)];
      for (const { gradients, learningRate } of recorded.steps) {
        assign(whole.gradients, gradients);
        await whole.optimizer.step(learningRate);
      }
      let current = broken;
      for (const { gradients, learningRate } of recorded.steps) {
        const next = prepare(recorded);
        for (const name of ['w0', 'w1']) {
          next.weights[name]?.data.set(current.weights[name]?.data ?? []);
        }
        next.optimizer.restore(current.optimizer.state(), current.optimizer.stepCount);
        assign(next.gradients, gradients);
        await next.optimizer.step(learningRate);
        current = next;
      }
      expect(current.weights).toEqual(whole.weights);
    },
  );

  it.each(RECORDED.slice(0, 10))(
    'forget earlier steps when reset: $kind $options',
    async (recorded) => {
      const { weights, gradients, optimizer } = prepare(recorded);
      const [first] = recorded.steps as [RecordedOptimizer['steps'][number]];
      const run = async () => {
        assign(weights, recorded.start);
        assign(gradients, first.gradients);
        await optimizer.step(first.learningRate);
        return structuredClone(weights);
      };
      const fresh = await run();
      optimizer.reset();
      expect(optimizer.stepCount).toBe(0);
      expect(await run()).toEqual(fresh);
    },
  );

  it('clipping leaves small gradients and zeros as they are', () => {
    expect(clippingScale(0.5, 1)).toBe(1);
    expect(clippingScale(0, 1)).toBe(1);
  });

  it.each([
    [() => sgd({ momentum: 1 }), 'momentum'],
    [() => sgd({ nesterov: true }), 'momentum'],
    [() => sgd({ weightDecay: -1 }), 'weightDecay'],
    [() => adam({ betas: [0.9, 1] }), 'betas'],
    [() => adam({ epsilon: 0 }), 'epsilon'],
    [() => adamW({ weightDecay: Number.NaN }), 'weightDecay'],
  ])('refuse a setting out of range (%#)', (create, name) => {
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(create).toThrow(name);
  });
});
