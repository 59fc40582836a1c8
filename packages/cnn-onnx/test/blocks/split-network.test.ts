import { type NetworkNode, resolveNetwork, simpleCnn } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { type SplitNetwork, splitNetwork } from '../../src/blocks/split-network';
import { block, SUPPORTED } from './networks';

const END: readonly NetworkNode[] = [
  { type: 'flatten' },
  { type: 'dense', name: 'classes', units: 'classes' },
];

function split(nodes: readonly NetworkNode[], sides: readonly [number, number] = [16, 16]) {
  const [inputHeight, inputWidth] = sides;
  const size = { inputHeight, inputWidth };
  return splitNetwork(resolveNetwork({ schemaVersion: 1, name: 'test', nodes }, size, 3));
}

/** Names of the front's blocks and dense layer, and of the tail's nodes. */
function partsOf({ front, tail }: SplitNetwork) {
  const dense = front.dense ? [front.dense.name] : [];
  return [
    [...front.blocks.map(({ name }) => name), ...dense],
    tail.part.nodes.map(({ name }) => name),
  ];
}

describe('splitNetwork', () => {
  it('takes the blocks of simple-cnn and the dense layer behind them', () => {
    expect(partsOf(split(simpleCnn().nodes) as SplitNetwork)).toEqual([
      ['conv1', 'conv2', 'conv3', 'fc1'],
      ['relu12', 'dropout', 'fc2'],
    ]);
  });

  it.each([
    ['a dense layer of classes alone', ['a', 'b']],
    ['a dense layer without bias', ['a']],
    ['batch norm, average pooling and a residual behind the blocks', ['a', 'b']],
    ['a dense layer that is read twice', ['a', 'b']],
    ['a flattening that is read twice', ['a']],
    ['a second block that is read in the middle', ['a']],
  ])('of a network with %s takes %j', (name, expected) => {
    const [, size, nodes] = SUPPORTED.find(([given]) => given === name) ?? [];
    expect(partsOf(split(nodes ?? [], size) as SplitNetwork)[0]).toEqual(expected);
  });

  it.each<[string, readonly NetworkNode[]]>([
    ['conv2d "wide"', [{ type: 'conv2d', name: 'wide', channels: 4, kernelSize: 5 }, ...END]],
    [
      'conv2d "plain"',
      [
        { type: 'conv2d', name: 'plain', channels: 4, kernelSize: 3, padding: 1, bias: false },
        { type: 'relu' },
        { type: 'maxPool', kernelSize: 2 },
        ...END,
      ],
    ],
    [
      'gelu "act"',
      [
        { type: 'conv2d', name: 'a', channels: 4, kernelSize: 3, padding: 1 },
        { type: 'gelu', name: 'act' },
        { type: 'maxPool', kernelSize: 2 },
        ...END,
      ],
    ],
    [
      'averagePool "pool"',
      [
        { type: 'conv2d', name: 'a', channels: 4, kernelSize: 3, padding: 1 },
        { type: 'relu' },
        { type: 'averagePool', name: 'pool', kernelSize: 2 },
        ...END,
      ],
    ],
    [
      'averagePool "thumbnail"',
      [
        ...block('a', 3),
        { type: 'averagePool', name: 'thumbnail', kernelSize: 2, inputs: ['image'] },
        { type: 'add', inputs: ['thumbnail', 'maxPool3'] },
        ...END,
      ],
    ],
    ['flatten "flatten1"', END],
  ])('refuses, by name, %s', (node, nodes) => {
    expect(split(nodes)).toContain(`which ${node} does not fit`);
  });
});
