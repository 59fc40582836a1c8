import type { NetworkNode } from '@dlcmp/contract';

/** Convolution, ReLU, max-pool: what kernels compute. */
export function block(name: string, channels: number): NetworkNode[] {
  return [
    { type: 'conv2d', name, channels, kernelSize: 3, padding: 1 },
    { type: 'relu' },
    { type: 'maxPool', kernelSize: 2 },
  ];
}

const classes: NetworkNode = { type: 'dense', name: 'classes', units: 'classes' };

/** Networks that begin with a block, each with height and width of its images. */
export const SUPPORTED: readonly (readonly [string, readonly [number, number], NetworkNode[]])[] = [
  [
    'one block, no dropout',
    [9, 7],
    [
      ...block('a', 5),
      { type: 'flatten' },
      { type: 'dense', name: 'b', units: 7 },
      { type: 'relu' },
      classes,
    ],
  ],
  [
    'a dense layer of classes alone',
    [13, 18],
    [...block('a', 4), ...block('b', 6), { type: 'flatten' }, classes],
  ],
  [
    'five blocks, several dense layers and dropouts',
    [67, 35],
    [
      ...['a', 'b', 'c', 'd', 'e'].flatMap((name, index) => block(name, 3 + 2 * index)),
      { type: 'flatten' },
      { type: 'dropout', name: 'drop1', rate: 0.2 },
      { type: 'dense', name: 'f', units: 13 },
      { type: 'gelu' },
      { type: 'dropout', name: 'drop2', rate: 0.5 },
      { type: 'dense', name: 'g', units: 9 },
      { type: 'silu' },
      classes,
    ],
  ],
  [
    'no activation behind the dense layer, two of them',
    [16, 16],
    [
      ...block('a', 8),
      { type: 'flatten' },
      { type: 'dense', name: 'b', units: 12 },
      { type: 'dense', name: 'c', units: 6 },
      { type: 'dropout', name: 'drop', rate: 0.3 },
      classes,
    ],
  ],
  [
    'a dense layer without bias',
    [12, 12],
    [
      ...block('a', 4),
      { type: 'flatten' },
      { type: 'dense', name: 'b', units: 8, bias: false },
      { type: 'relu' },
      classes,
    ],
  ],
  [
    'batch norm, average pooling and a residual behind the blocks',
    [27, 22],
    [
      ...block('a', 6),
      ...block('b', 10),
      { type: 'conv2d', name: 'c', channels: 10, kernelSize: 3, padding: 1, bias: false },
      { type: 'batchNorm', name: 'bn' },
      { type: 'relu', name: 'active' },
      { type: 'add', inputs: ['active', 'maxPool6'] },
      { type: 'averagePool', kernelSize: 2 },
      { type: 'globalAveragePool' },
      { type: 'flatten' },
      { type: 'dropout', name: 'drop', rate: 0.3 },
      classes,
    ],
  ],
  [
    'a dense layer that is read twice',
    [10, 10],
    [
      ...block('a', 4),
      { type: 'flatten' },
      { type: 'dense', name: 'b', units: 6 },
      { type: 'relu', name: 'active' },
      { type: 'add', inputs: ['active', 'b'] },
      classes,
    ],
  ],
  [
    'a flattening that is read twice',
    [8, 8],
    [
      ...block('a', 3),
      { type: 'flatten', name: 'flat' },
      { type: 'dense', name: 'b', units: 48 },
      { type: 'add', inputs: ['b', 'flat'] },
      classes,
    ],
  ],
  [
    'a second block that is read in the middle',
    [20, 20],
    [
      ...block('a', 4),
      { type: 'conv2d', name: 'b', channels: 4, kernelSize: 3, padding: 1 },
      { type: 'relu', name: 'inside' },
      { type: 'maxPool', name: 'pool1', kernelSize: 2 },
      { type: 'maxPool', name: 'pool2', kernelSize: 2, inputs: ['inside'] },
      { type: 'concat', inputs: ['pool1', 'pool2'] },
      { type: 'globalAveragePool' },
      { type: 'flatten' },
      classes,
    ],
  ],
];
