import type {
  AveragePoolNode,
  BatchNormNode,
  Conv2dNode,
  DenseNode,
  DropoutNode,
  GeluNode,
  LeakyReluNode,
  MaxPoolNode,
  PlainNode,
} from '@dlcmp/contract';

// A network's nodes as calls, for `createSequentialClassifier({ layers })`. What each computes, and its defaults, stand at its node.

type Options<Node> = Omit<Node, 'type'>;

/** {@link Conv2dNode}. Without `kernelSize`: 3×3 with one pixel of padding, which keeps the image's size at stride 1. */
export function conv2d({
  kernelSize,
  ...options
}: Omit<Options<Conv2dNode>, 'kernelSize'> & Partial<Pick<Conv2dNode, 'kernelSize'>>): Conv2dNode {
  const kernel = kernelSize === undefined ? { kernelSize: 3, padding: 1 } : { kernelSize };
  return { type: 'conv2d', ...kernel, ...options };
}

/** {@link MaxPoolNode}. `kernelSize` is 2 by default. */
export function maxPool(options: Partial<Options<MaxPoolNode>> = {}): MaxPoolNode {
  return { type: 'maxPool', kernelSize: 2, ...options };
}

/** {@link AveragePoolNode}. `kernelSize` is 2 by default. */
export function averagePool(options: Partial<Options<AveragePoolNode>> = {}): AveragePoolNode {
  return { type: 'averagePool', kernelSize: 2, ...options };
}

export const batchNorm = (options: Options<BatchNormNode>): BatchNormNode => ({
  type: 'batchNorm',
  ...options,
});
export const dense = (options: Options<DenseNode>): DenseNode => ({ type: 'dense', ...options });
export const dropout = (options: Options<DropoutNode>): DropoutNode => ({
  type: 'dropout',
  ...options,
});
export const leakyRelu = (options: Options<LeakyReluNode> = {}): LeakyReluNode => ({
  type: 'leakyRelu',
  ...options,
});
export const gelu = (options: Options<GeluNode> = {}): GeluNode => ({ type: 'gelu', ...options });

export const relu = plain('relu');
export const relu6 = plain('relu6');
export const sigmoid = plain('sigmoid');
export const silu = plain('silu');
export const hardSwish = plain('hardSwish');
export const globalAveragePool = plain('globalAveragePool');
export const flatten = plain('flatten');
export const add = plain('add');
export const multiply = plain('multiply');
export const concat = plain('concat');

function plain(type: PlainNode['type']) {
  return (options: Options<PlainNode> = {}): PlainNode => ({ type, ...options });
}
