import { NODE_TYPES, resolveNetwork } from '@dlcmp/contract';
import { expect, it } from '@jest/globals';
import * as layers from '../src/layers';

const { add, batchNorm, conv2d, dense, flatten, maxPool, relu } = layers;

it('has a function of its name for every type of node', () => {
  expect(Object.keys(layers).sort()).toEqual(Object.keys(NODE_TYPES).sort());
});

it('makes nodes that a network resolves: 3×3 kernels that keep the size, pools that halve it', () => {
  const network = resolveNetwork(
    {
      schemaVersion: 1,
      name: 'layers',
      nodes: [
        conv2d({ name: 'first', channels: 4, bias: false }),
        batchNorm({ name: 'norm' }),
        relu({ name: 'left' }),
        conv2d({ name: 'right', channels: 4, kernelSize: 1 }),
        add({ inputs: ['left', 'right'] }),
        maxPool(),
        flatten(),
        dense({ name: 'last', units: 'classes' }),
      ],
    },
    { inputHeight: 8, inputWidth: 6 },
    2,
  );
  expect(network.weightShapes).toMatchObject({
    'first.weight': [4, 3, 3, 3],
    'right.weight': [4, 4, 1, 1],
    'last.weight': [2, 4 * 4 * 3],
  });
});
