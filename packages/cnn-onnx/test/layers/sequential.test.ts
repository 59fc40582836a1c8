import { describe, expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import { conv2d } from '../../src/layers/conv2d';
import { dense } from '../../src/layers/dense';
import { flatten } from '../../src/layers/flatten';
import type { Layer } from '../../src/layers/layer';
import { maxPool2d } from '../../src/layers/max-pool2d';
import { relu } from '../../src/layers/relu';
import { sequential } from '../../src/layers/sequential';
import { GraphBuilder } from '../../src/onnx/graph-builder';
import { relativeError } from '../relative-error';
import { ROUNDING, randomValues } from './layer-check';

const network = sequential(
  [2, 6, 7],
  [
    [conv2d({ name: 'c', channels: 3 }), relu(), maxPool2d()],
    flatten(),
    dense({ name: 'd', units: 4 }),
  ],
);

async function forward(training: boolean, feeds: Record<string, ort.Tensor>) {
  const graph = new GraphBuilder();
  for (const [name, { dims }] of Object.entries(feeds)) graph.input(name, 'float32', dims);
  graph.output('output', network.apply(graph, 'input', training).output, 'float32', [5, 4]);
  const session = await ort.InferenceSession.create(graph.encode('forward'));
  const { output } = await session.run(feeds);
  await session.release();
  return output?.data as Float32Array;
}

function randomTensor(shape: readonly number[]): ort.Tensor {
  const count = shape.reduce((product, length) => product * length, 1);
  return new ort.Tensor('float32', Float32Array.from(randomValues(count)), shape);
}

describe('sequential', () => {
  it('derives every shape from the input', () => {
    expect(network.outputShape).toEqual([4]);
    expect(network.weightShapes).toEqual({
      'c.weight': [3, 2, 3, 3],
      'c.bias': [3],
      'd.weight': [4, 27],
      'd.bias': [4],
    });
  });

  it('computes the same in training, where pooling goes before bias and ReLU', async () => {
    const feeds: Record<string, ort.Tensor> = { input: randomTensor([5, 2, 6, 7]) };
    for (const [name, shape] of Object.entries(network.weightShapes)) {
      feeds[name] = randomTensor(shape);
    }
    const inference = await forward(false, feeds);
    expect(inference.some((value) => value !== 0)).toBe(true);
    expect(relativeError(await forward(true, feeds), inference)).toBeLessThan(ROUNDING);
  });

  it('does not compute the gradient of its input unasked', () => {
    const first: Layer = {
      description: { type: 'first' },
      outputShape: (shape) => shape,
      weightShapes: () => ({ weight: [1] }),
      apply: (input) => ({
        output: input,
        backward: (gradient) => ({
          weights: { weight: gradient },
          input: () => {
            throw new Error('Nobody needs it.');
          },
        }),
      }),
    };
    const graph = new GraphBuilder();
    const { backward } = sequential([3], [first, relu()]).apply(graph, 'x', true);
    expect(Object.keys(backward('gradient').weights)).toEqual(['weight']);
  });

  it('refuses layers that do not fit together, and says what to do', () => {
    const refusal = (message: string) =>
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(message),
      });
    expect(() => sequential([3, 8, 8], [dense({ name: 'd', units: 2 })])).toThrow(
      refusal('flatten()'),
    );
    expect(() => sequential([3, 1, 8], [maxPool2d()])).toThrow(refusal('1×8'));
    expect(() => sequential([12], [conv2d({ name: 'c', channels: 2 })])).toThrow(
      refusal('[channels, height, width]'),
    );
    const twice = [conv2d({ name: 'c', channels: 2 }), conv2d({ name: 'c', channels: 2 })];
    expect(() => sequential([3, 8, 8], twice)).toThrow(refusal('c.weight'));
    expect(() => sequential([3], [])).toThrow(refusal('at least one layer'));
  });
});
