import { describe, expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import type { WeightGradient } from '../../src/graph/apply-network';
import { zeroTensors } from '../../src/graph/graph-tensors';
import { addUpdate, momentShapes } from '../../src/graph/optimizers/add-update';
import { stepFactors } from '../../src/graph/optimizers/step-factors';
import { GRADIENT_NORM, gradientName, nextName } from '../../src/graph/value-names';
import { adam, adamW, sgd } from '../../src/index';
import { GraphBuilder } from '../../src/onnx/graph-builder';
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

/** A graph of an optimiser's update alone, fed with gradients; moved in place. */
async function prepare({ kind, options, clipping, start }: RecordedOptimizer) {
  const optimizer = FACTORIES[kind](options);
  const shapes = Object.fromEntries(start.map(({ length }, at) => [`w${at}.weight`, [length]]));
  const values = { ...zeroTensors(shapes), ...zeroTensors(momentShapes(optimizer, shapes)) };
  const graph = new GraphBuilder();
  const gradients: Record<string, WeightGradient> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const gradient = graph.input(gradientName(name), 'float32', shape);
    gradients[name] = { gradient, readers: [graph.input(name, 'float32', shape)] };
  }
  const rules = { optimizer, labelSmoothing: 0 };
  const gradientClipping = clipping ?? undefined;
  addUpdate(graph, shapes, gradients, {
    ...{ ...rules, ...(gradientClipping !== undefined && { gradientClipping }) },
  });
  const session = await ort.InferenceSession.create(graph.encode('update'));
  const tensor = (data: Float32Array) => new ort.Tensor('float32', data, [data.length]);
  const norm = new Float32Array(1);
  start.forEach((data, at) => {
    values[`w${at}.weight`]?.data.set(data);
  });
  const step = async (given: Tensors, count: number, learningRate: number) => {
    const feeds: Record<string, ort.Tensor> = {};
    const fetches: Record<string, ort.Tensor> = {};
    for (const [name, { data }] of Object.entries(values)) {
      feeds[name] = tensor(data);
      fetches[nextName(name)] = tensor(data);
    }
    given.forEach((data, at) => {
      feeds[gradientName(`w${at}.weight`)] = tensor(Float32Array.from(data));
    });
    for (const [name, value] of Object.entries(stepFactors(optimizer, count, learningRate)))
      feeds[name] = new ort.Tensor('float32', [value], []);
    if (clipping !== null) fetches[GRADIENT_NORM] = new ort.Tensor('float32', norm, []);
    await session.run(feeds, fetches);
    return {
      norm: norm[0] as number,
      weights: start.map((_, at) => values[`w${at}.weight`]?.data),
    };
  };
  return { step, release: () => session.release() };
}

describe('optimisers', () => {
  it.each(readFixture<RecordedOptimizer>('optimizers'))(
    'move as PyTorch’s: $kind $options, clipping $clipping',
    async (recorded) => {
      const { step, release } = await prepare(recorded);
      for (const [index, { gradients, learningRate, ...expected }] of recorded.steps.entries()) {
        const { norm, weights } = await step(gradients, index + 1, learningRate);
        if (expected.norm !== null) expect(norm).toBeCloseTo(expected.norm, 5);
        expected.weights.forEach((values, at) => {
          expect(relativeError(weights[at] ?? [], values)).toBeLessThan(1e-6);
        });
      }
      await release();
    },
  );

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
