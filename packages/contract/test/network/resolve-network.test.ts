import { describe, expect, it } from '@jest/globals';
import { type NetworkDescription, networkJsonSchema, resolveNetwork } from '../../src';

const SIZE = { inputHeight: 9, inputWidth: 12 };
const HEAD = [
  { type: 'globalAveragePool' },
  { type: 'flatten' },
  { name: 'head', type: 'dense', units: 'classes' },
] as const;

function network(...nodes: object[]) {
  const description = { schemaVersion: 1, name: 'test', nodes: [...nodes, ...HEAD] };
  return resolveNetwork(description as unknown as NetworkDescription, SIZE, 3);
}

/** Shape that one node makes of the image. */
function shapeOf(node: object): readonly number[] | undefined {
  return network(node).nodes[0]?.outputShape;
}

describe('resolveNetwork', () => {
  it.each([
    // By hand: floor((side + padding - (dilation · (kernel - 1) + 1)) / stride) + 1.
    [{ kernelSize: 3 }, [4, 7, 10]],
    [{ kernelSize: 3, padding: 1 }, [4, 9, 12]],
    [{ kernelSize: [1, 3], stride: [2, 1] }, [4, 5, 10]],
    [{ kernelSize: 3, dilation: 2 }, [4, 5, 8]],
    [{ kernelSize: 3, padding: { top: 0, bottom: 1, left: 2, right: 3 } }, [4, 8, 15]],
    [{ kernelSize: 3, stride: 2, padding: 'same' }, [4, 5, 6]],
    [{ kernelSize: 5, stride: 3, padding: 'same' }, [4, 3, 4]],
    [{ kernelSize: 2, padding: [1, 0] }, [4, 10, 11]],
  ])('conv2d of %j puts out %j', (options, expected) => {
    expect(shapeOf({ name: 'c', type: 'conv2d', channels: 4, ...options })).toEqual(expected);
  });

  it('puts the odd zero of `same` at the bottom and right', () => {
    const { nodes } = network({
      name: 'c',
      type: 'conv2d',
      channels: 1,
      kernelSize: 3,
      stride: 2,
      padding: 'same',
    });
    // Nine rows at stride 2 need (5 - 1) · 2 + 3 - 9 = 2 zeros, twelve columns (6 - 1) · 2 + 3 - 12 = 1.
    expect(nodes[0]?.window?.padding).toEqual({ top: 1, bottom: 1, left: 0, right: 1 });
  });

  it.each([
    [{ type: 'maxPool', kernelSize: 2 }, [3, 4, 6]],
    [{ type: 'maxPool', kernelSize: 3, stride: 2, padding: 1 }, [3, 5, 6]],
    [{ type: 'averagePool', kernelSize: [2, 3] }, [3, 4, 4]],
    [{ type: 'globalAveragePool' }, [3, 1, 1]],
    [{ type: 'gelu' }, [3, 9, 12]],
  ])('%j puts out %j', (node, expected) => {
    expect(shapeOf(node)).toEqual(expected);
  });

  it('names weights, state and masks after their nodes, groups dividing the inputs', () => {
    const { weightShapes, stateShapes, masks } = network(
      { name: 'a.0', type: 'conv2d', channels: 6, kernelSize: [3, 1], groups: 3, bias: false },
      { name: 'a.1', type: 'batchNorm' },
      { name: 'drop', type: 'dropout', rate: 0.1 },
    );
    expect(weightShapes).toEqual({
      'a.0.weight': [6, 1, 3, 1],
      'a.1.weight': [6],
      'a.1.bias': [6],
      'head.weight': [3, 6],
      'head.bias': [3],
    });
    expect(stateShapes).toEqual({ 'a.1.running_mean': [6], 'a.1.running_var': [6] });
    expect(masks).toEqual({ drop: { shape: [6, 7, 12], rate: 0.1 } });
  });

  it('joins branches: a graph, not only a chain', () => {
    const conv = { type: 'conv2d', channels: 4, kernelSize: 1 };
    const { nodes } = network(
      { name: 'a', ...conv },
      { name: 'b', inputs: ['image'], ...conv },
      { name: 'sum', type: 'add', inputs: ['a', 'b'] },
      { name: 'both', type: 'concat', inputs: ['sum', 'image', 'a'] },
      { name: 'pooled', type: 'globalAveragePool' },
      { name: 'gated', type: 'multiply', inputs: ['both', 'pooled'] },
    );
    expect(nodes.slice(2, 6).map(({ outputShape }) => outputShape)).toEqual([
      [4, 9, 12],
      [11, 9, 12],
      [11, 1, 1],
      [11, 9, 12],
    ]);
  });

  it.each([
    ['an unknown type', [{ type: 'tanh' }], /type "tanh".*There are: conv2d/],
    [
      'an unknown option',
      [{ name: 'c', type: 'conv2d', channels: 1, kernelSize: 1, strides: 2 }],
      /conv2d "c" has no option "strides"/,
    ],
    [
      'a missing option',
      [{ name: 'c', type: 'conv2d', channels: 1 }],
      /conv2d "c" needs kernelSize/,
    ],
    [
      'a value out of range',
      [{ name: 'd', type: 'dropout', rate: 1 }],
      /dropout "d": rate must be/,
    ],
    [
      'a missing name',
      [{ type: 'conv2d', channels: 1, kernelSize: 1 }],
      /conv2d at position 1 needs a name/,
    ],
    [
      'one name twice',
      [
        { name: 'x', type: 'relu' },
        { name: 'x', type: 'relu' },
      ],
      /Two nodes are called "x"/,
    ],
    [
      'an input that comes later',
      [{ name: 'x', type: 'relu', inputs: ['head'] }],
      /relu "x" reads "head"/,
    ],
    [
      'an input too many',
      [{ name: 'x', type: 'relu', inputs: ['image', 'image'] }],
      /relu "x" takes one input, not 2/,
    ],
    [
      'a node that nobody reads',
      [{ type: 'relu' }, { type: 'relu', inputs: ['image'] }],
      /No node reads relu "relu1"/,
    ],
    [
      'groups that do not divide',
      [{ name: 'c', type: 'conv2d', channels: 4, kernelSize: 1, groups: 2 }],
      /divided into 2 groups/,
    ],
    [
      'a kernel that does not fit',
      [{ name: 'c', type: 'conv2d', channels: 4, kernelSize: 10 }],
      /kernel of 10×10 does not fit/,
    ],
    [
      'shapes that differ',
      [
        { name: 'c', type: 'conv2d', channels: 4, kernelSize: 1 },
        { name: 's', type: 'add', inputs: ['c', 'image'] },
      ],
      /add "s" takes two inputs of one shape/,
    ],
    [
      'a dense layer on images',
      [{ name: 'd', type: 'dense', units: 2 }],
      /dense "d" takes one axis.*flatten/,
    ],
    ['a name that is none', [{ name: 'a b', type: 'relu' }], /a name is made of letters/],
  ])('refuses %s by name', (_, nodes, message) => {
    expect(() => network(...nodes)).toThrow(message);
  });

  it('refuses a network that does not end in one value a class', () => {
    const nodes = [{ type: 'flatten' }, { name: 'd', type: 'dense', units: 4 }];
    const description = { schemaVersion: 1, name: 'test', nodes } as NetworkDescription;
    expect(() => resolveNetwork(description, SIZE, 3)).toThrow(
      /ends with dense "d".*\[4\].*3 classes/,
    );
  });

  it.each([
    [{ schemaVersion: 2, name: 'x', nodes: HEAD }, /schemaVersion 2/],
    [{ schemaVersion: 1, name: 'x', nodes: HEAD, layers: [] }, /no "layers"/],
    [{ schemaVersion: 1, name: '', nodes: HEAD }, /needs a name/],
    [{ schemaVersion: 1, name: 'x', nodes: [] }, /needs nodes/],
    [
      {
        schemaVersion: 1,
        name: 'x',
        nodes: HEAD,
        normalisation: { mean: [0, 0, 0], standardDeviation: [1, 1, 0] },
      },
      /normalisation/,
    ],
    [null, /must be an object/],
  ])('refuses the description %j', (description, message) => {
    expect(() => resolveNetwork(description as never, SIZE, 3)).toThrow(message);
  });

  it('has a JSON Schema with every type and its options', () => {
    const { properties } = networkJsonSchema() as {
      properties: {
        nodes: { items: { anyOf: { properties: Record<string, object>; required: string[] }[] } };
      };
    };
    const conv = properties.nodes.items.anyOf.find(
      ({ properties: { type } }) => JSON.stringify(type) === '{"const":"conv2d"}',
    );
    expect(Object.keys(conv?.properties ?? {})).toEqual([
      'type',
      'name',
      'inputs',
      'channels',
      'kernelSize',
      'stride',
      'padding',
      'dilation',
      'groups',
      'bias',
    ]);
    expect(conv?.required).toEqual(['type', 'name', 'channels', 'kernelSize']);
    expect(properties.nodes.items.anyOf).toHaveLength(18);
  });
});
