import { createRequire } from 'node:module';
import type { NodeType, SampleShape } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { randomValues } from '../../../tensorflow/test/random-values';
import { relativeError } from '../../../tensorflow/test/relative-error';
import { OPERATIONS } from '../../src/nodes';
import type { TensorFlow } from '../../src/tensorflow-modules';
import { resolvedNode } from '../resolved-node';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as unknown as TensorFlow;
await tf.setBackend('cpu');

const IMAGE: SampleShape = [4, 6, 5];
const COUNT = 2;

interface Case {
  readonly type: NodeType;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly inputShapes?: readonly SampleShape[];
  /** In TensorFlow's layout, by the name behind the node's. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

const CASES: readonly Case[] = [
  {
    type: 'conv2d',
    options: { channels: 3, kernelSize: [3, 2], stride: 2, padding: 1 },
    weights: { weight: [3, 2, 4, 3], bias: [3] },
  },
  {
    type: 'conv2d',
    options: { channels: 8, kernelSize: 3, padding: 'same', groups: 4, bias: false },
    weights: { weight: [3, 3, 4, 2] },
  },
  {
    type: 'conv2d',
    options: { channels: 6, kernelSize: 2, dilation: 2, groups: 2, bias: false },
    weights: { weight: [2, 2, 2, 6] },
  },
  {
    type: 'batchNorm',
    weights: { weight: [4], bias: [4], running_mean: [4], running_var: [4] },
  },
  { type: 'relu' },
  { type: 'relu6' },
  { type: 'leakyRelu' },
  { type: 'silu' },
  { type: 'hardSwish' },
  { type: 'gelu' },
  { type: 'gelu', options: { approximation: 'tanh' } },
  { type: 'sigmoid' },
  { type: 'maxPool', options: { kernelSize: 3, stride: 2, padding: 1 } },
  { type: 'averagePool', options: { kernelSize: 3, stride: 2, padding: 1, countPadding: false } },
  { type: 'globalAveragePool' },
  { type: 'add', inputShapes: [IMAGE, [4, 1, 1]] },
  { type: 'multiply', inputShapes: [[4, 1, 1], IMAGE] },
  { type: 'concat', inputShapes: [IMAGE, [2, 6, 5], IMAGE] },
  { type: 'flatten' },
  {
    type: 'dense',
    inputShapes: [[7]],
    options: { units: 3 },
    weights: { weight: [7, 3], bias: [3] },
  },
  { type: 'dropout' },
];

function shapeOf(shape: SampleShape): number[] {
  const [channels = 1, ...sides] = shape;
  return [COUNT, ...sides, channels];
}

function randomTensor(shape: readonly number[], seed: number, scale = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from(randomValues(size, seed), (value) => scale * value),
    [...shape],
  );
}

describe("the gradients of nodes beside TensorFlow.js's own", () => {
  it.each(CASES)('$type $options', ({ type, options, inputShapes = [IMAGE], weights = {} }) => {
    const operation = OPERATIONS[type](resolvedNode(type, inputShapes, options ?? {}));
    const inputs = inputShapes.map((shape, index) => randomTensor(shapeOf(shape), index, 4));
    const names = Object.keys(weights).filter((name) => !name.startsWith('running'));
    const values = Object.entries(weights).map(([name, shape], index) => [
      `node.${name}`,
      randomTensor(shape, 10 + index),
    ]);
    const given: Record<string, Tensor> = Object.fromEntries(values);
    const size = inputs[0]?.size ?? 0;
    const mask = Uint8Array.from({ length: size }, (_, index) => Number(index % 3 > 0));
    const context = { tf, masks: { node: mask } };
    const forward = (...tensors: Tensor[]) => {
      const moved = names.map((name, index) => [
        `node.${name}`,
        tensors[inputs.length + index] as Tensor,
      ]);
      const all = { ...given, ...Object.fromEntries(moved) };
      return operation(tensors.slice(0, inputs.length), { ...context, weights: all }).output;
    };
    const dependent = [...inputs, ...names.map((name) => given[`node.${name}`] as Tensor)];
    const { output, backward } = operation(inputs, { ...context, weights: given });
    const dy = randomTensor(output.shape, 99);
    const ours = backward(dy);
    const actual = [
      ...ours.inputs.map((gradient) => gradient()),
      ...names.map((name) => ours.weights?.[`node.${name}`] as Tensor),
    ];
    const expected = tf.grads(forward as never)(dependent as never, dy as never) as Tensor[];
    actual.forEach((gradient, index) => {
      const theirs = expected[index] as Tensor;
      expect(gradient.shape).toEqual(theirs.shape);
      expect(relativeError(gradient.dataSync(), theirs.dataSync())).toBeLessThan(1e-5);
    });
  });
});
