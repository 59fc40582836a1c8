import { describe, expect, it } from '@jest/globals';
import {
  assertNetworkWeights,
  createInitialWeights,
  elementCount,
  type ModelSpec,
  networkOf,
  simpleCnn,
} from '../src';

const spec: ModelSpec = {
  inputHeight: 37,
  inputWidth: 29,
  classNames: ['forest', 'glacier'],
  seed: 1,
  network: simpleCnn({ channels: [2, 3, 4], hiddenUnits: 5, dropoutRate: 0.5 }),
};

describe('the weights of simple-cnn', () => {
  it('gives the shapes that PyTorch gives, odd sizes losing their last row and column', () => {
    // 37×29 is halved to 18×14, 9×7 and 4×3.
    expect(Object.entries(networkOf(spec).weightShapes)).toEqual([
      ['conv1.weight', [2, 3, 3, 3]],
      ['conv1.bias', [2]],
      ['conv2.weight', [3, 2, 3, 3]],
      ['conv2.bias', [3]],
      ['conv3.weight', [4, 3, 3, 3]],
      ['conv3.bias', [4]],
      ['fc1.weight', [5, 4 * 4 * 3]],
      ['fc1.bias', [5]],
      ['fc2.weight', [2, 5]],
      ['fc2.bias', [2]],
    ]);
  });

  it('counts about 21.3 million weights at 150×150 with six classes', () => {
    const classNames = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street'];
    const sizes = { inputHeight: 150, inputWidth: 150, classNames, seed: 1 };
    const { weightShapes: shapes } = networkOf(sizes);
    const counts = Object.values(shapes).map(elementCount);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(21_330_502);
  });
});

describe('elementCount', () => {
  it('multiplies the lengths; a scalar holds one value', () => {
    expect(elementCount([2, 3, 4])).toBe(24);
    expect(elementCount([2, 0])).toBe(0);
    expect(elementCount([])).toBe(1);
  });
});

describe('assertNetworkWeights', () => {
  const weights = createInitialWeights(spec);
  const bias = { shape: [5], data: new Float32Array(5) };

  it('accepts exactly the tensors of the network', () => {
    expect(() => assertNetworkWeights(weights, networkOf(spec))).not.toThrow();
  });

  it('names the tensors that the network does not have', () => {
    expect(() => assertNetworkWeights({ ...weights, 'fc3.bias': bias }, networkOf(spec))).toThrow(
      'simple-cnn has no weight named fc3.bias.',
    );
  });

  it('names a missing tensor', () => {
    const { 'fc1.bias': _, ...others } = weights;
    expect(() => assertNetworkWeights(others, networkOf(spec))).toThrow(
      'The weight fc1.bias is missing. There are: ',
    );
  });

  it.each([
    { shape: [1, 5], data: new Float32Array(5) },
    { shape: [5], data: new Float32Array(4) },
  ])('refuses a tensor of another shape or length', (wrong) => {
    expect(() => assertNetworkWeights({ ...weights, 'fc1.bias': wrong }, networkOf(spec))).toThrow(
      `The weight fc1.bias must have the shape [5], not [${wrong.shape.join(', ')}].`,
    );
  });
});
