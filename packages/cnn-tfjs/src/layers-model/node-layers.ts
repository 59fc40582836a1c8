import type { NodeType, ResolvedNode, Sides, Window } from '@dlcmp/contract';
import type { ImageOrders } from '../network/image-order';
import { isDepthwise } from '../nodes/grouped-convolution';
import { windowPadding } from '../nodes/window-padding';

/** A layer of TensorFlow.js, as a LayersModel's JSON describes one. */
export interface LayerConfig {
  readonly className: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** TensorFlow.js's layers that make up a node, one after the other. */
type NodeLayers = (node: ResolvedNode, orders: ImageOrders) => readonly LayerConfig[] | undefined;

const activation =
  (name: string): NodeLayers =>
  () => [{ className: 'Activation', config: { activation: name } }];
const plain =
  (className: string, config?: LayerConfig['config']): NodeLayers =>
  () => [config ? { className, config } : { className }];

const NODE_LAYERS: Readonly<Record<NodeType, NodeLayers>> = {
  conv2d: convolution,
  batchNorm: ({ options: { epsilon, momentum } }) => [
    {
      className: 'BatchNormalization',
      config: { axis: -1, epsilon, momentum: 1 - (momentum as number) },
    },
  ],
  relu: activation('relu'),
  relu6: activation('relu6'),
  leakyRelu: ({ options }) => [
    { className: 'LeakyReLU', config: { alpha: options.negativeSlope } },
  ],
  silu: activation('swish'),
  hardSwish: () => undefined,
  // TensorFlow.js does not find its `gelu_new` again when it loads a model.
  gelu: (node, orders) =>
    node.options.approximation === 'tanh' ? undefined : activation('gelu')(node, orders),
  sigmoid: activation('sigmoid'),
  maxPool: (node) => pool('MaxPooling2D', node),
  averagePool: (node) => pool('AveragePooling2D', node),
  globalAveragePool: ({ outputShape: [channels] }) => [
    { className: 'GlobalAveragePooling2D' },
    { className: 'Reshape', config: { target_shape: [1, 1, channels] } },
  ],
  add: plain('Add'),
  multiply: plain('Multiply'),
  concat: plain('Concatenate', { axis: -1 }),
  flatten: ({ name, inputShapes: [shape] }, orders) => [
    ...(orders.has(name) || shape?.length !== 3
      ? []
      : [{ className: 'Permute', config: { dims: [3, 1, 2] } }]),
    { className: 'Flatten' },
  ],
  dense: ({ outputShape: [units], options }) => [
    { className: 'Dense', config: { units, activation: 'linear', use_bias: options.bias } },
  ],
  dropout: ({ options }) => [{ className: 'Dropout', config: { rate: options.rate } }],
};

/** TensorFlow.js's layers of `node`, one after the other, or undefined where there are none that compute it. */
export function layersOfNode(
  node: ResolvedNode,
  orders: ImageOrders,
): readonly LayerConfig[] | undefined {
  return NODE_LAYERS[node.type](node, orders);
}

function convolution(node: ResolvedNode): readonly LayerConfig[] | undefined {
  const { channels, groups, bias } = node.options as {
    channels: number;
    groups: number;
    bias: boolean;
  };
  const { kernelSize, stride, dilation } = node.window as Window;
  const extents = kernelSize.map((size, axis) => (size - 1) * (dilation[axis] as number) + 1);
  const { pad, sides } = windowPadding(node, extents as [number, number]);
  const common = {
    kernel_size: kernelSize,
    strides: stride,
    dilation_rate: dilation,
    padding: pad,
    activation: 'linear',
    use_bias: bias,
  };
  const before = sides ? [zeroPadding(sides)] : [];
  // TensorFlow.js refuses both at once.
  if (Math.max(...stride) > 1 && Math.max(...dilation) > 1) return undefined;
  if (groups === 1)
    return [...before, { className: 'Conv2D', config: { ...common, filters: channels } }];
  // TensorFlow.js has no other groups; it strides depthwise convolutions alike on both sides, and forgets their dilation.
  const isTheirs = isDepthwise(node) && stride[0] === stride[1] && Math.max(...dilation) === 1;
  if (!isTheirs) return undefined;
  const multiplier = channels / groups;
  return [
    ...before,
    { className: 'DepthwiseConv2D', config: { ...common, depth_multiplier: multiplier } },
  ];
}

function pool(className: string, node: ResolvedNode): readonly LayerConfig[] | undefined {
  const { kernelSize, stride } = node.window as Window;
  const { pad, sides } = windowPadding(node, kernelSize);
  const layer = { className, config: { pool_size: kernelSize, strides: stride, padding: pad } };
  if (node.type === 'maxPool') return sides ? undefined : [layer];
  if (pad === 'same')
    return node.options.countPadding === true ? paddedAverage(node, layer) : [layer];
  if (!sides) return [layer];
  return node.options.countPadding === true ? paddedAverage(node, layer) : undefined;
}

/** A mean over zeros, too: around the image first, then without padding. */
function paddedAverage(node: ResolvedNode, layer: LayerConfig): readonly LayerConfig[] {
  const { padding } = node.window as Window;
  return [zeroPadding(padding), { ...layer, config: { ...layer.config, padding: 'valid' } }];
}

function zeroPadding({ top, bottom, left, right }: Sides): LayerConfig {
  const padding = [
    [top, bottom],
    [left, right],
  ];
  return { className: 'ZeroPadding2D', config: { padding } };
}
