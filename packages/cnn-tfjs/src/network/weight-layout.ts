import type { Network, ResolvedNode, SampleShape, Weights, WeightTensor } from '@dlcmp/contract';
import { isDepthwise } from '../nodes/grouped-convolution';
import type { ImageOrders } from './image-order';

/** How one weight lies in PyTorch and in TensorFlow. */
export interface WeightLayout {
  /** In PyTorch. */
  readonly shape: readonly number[];
  /** The same values as [out, in, height, width], PyTorch's order; TensorFlow's is [height, width, in, out]. */
  readonly image?: readonly [number, number, number, number];
  /** In TensorFlow. */
  readonly tensorShape: readonly number[];
}

/** Layouts of all weights and state of `network`, by name. */
export function weightLayouts(
  network: Network,
  orders: ImageOrders,
): Readonly<Record<string, WeightLayout>> {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const shapes = Object.entries({ ...network.weightShapes, ...network.stateShapes });
  return Object.fromEntries(
    shapes.map(([name, shape]) => {
      const node = nodes.get(name.slice(0, name.lastIndexOf('.'))) as ResolvedNode;
      const isVector = shape.length === 1;
      return [name, isVector ? { shape, tensorShape: shape } : matrixLayout(node, shape, orders)];
    }),
  );
}

function matrixLayout(
  node: ResolvedNode,
  shape: readonly number[],
  orders: ImageOrders,
): WeightLayout {
  const [outputs, inputs, height = 1, width = 1] = shape as [number, number, number?, number?];
  if (node.type === 'conv2d') {
    const [channels = 1] = node.inputShapes[0] as SampleShape;
    const ends = isDepthwise(node) ? [channels, outputs / channels] : [inputs, outputs];
    const tensorShape = [height, width, ...ends];
    return { shape, image: [outputs, inputs, height, width], tensorShape };
  }
  const order = orders.get(node.inputs[0] as string) ?? [inputs, 1, 1];
  const image = [outputs, ...order] as unknown as [number, number, number, number];
  return { shape, image, tensorShape: [inputs, outputs] };
}

/** Output channels that are moved together: as many float32 as a cache line holds. */
const TOGETHER = 16;

/** `data`, which PyTorch lays out, as TensorFlow does. Always a copy. */
export function toTensorLayout(data: Float32Array, { image }: WeightLayout): Float32Array {
  if (!image) return data.slice();
  const moved = new Float32Array(data.length);
  forEachRun(image, (pytorch, tensor, count, stride) => {
    for (let i = 0; i < count; i++) moved[tensor + i] = data[pytorch + i * stride] as number;
  });
  return moved;
}

/** `data`, which TensorFlow lays out, as PyTorch does. Always a copy. */
export function toPyTorchLayout(data: Float32Array, { image }: WeightLayout): Float32Array {
  if (!image) return data.slice();
  const moved = new Float32Array(data.length);
  forEachRun(image, (pytorch, tensor, count, stride) => {
    for (let i = 0; i < count; i++) moved[pytorch + i * stride] = data[tensor + i] as number;
  });
  return moved;
}

/**
 * Calls `move` for runs of output channels, which follow one another in TensorFlow and are `stride` apart in PyTorch, with
 * where they begin in each.
 */
function forEachRun(
  [outputs, inputs, height, width]: readonly [number, number, number, number],
  move: (pytorch: number, tensor: number, count: number, stride: number) => void,
): void {
  const pixels = height * width;
  const stride = inputs * pixels;
  for (let first = 0; first < outputs; first += TOGETHER) {
    const count = Math.min(TOGETHER, outputs - first);
    for (let input = 0; input < inputs; input++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        const pytorch = first * stride + input * pixels + pixel;
        move(pytorch, (pixel * inputs + input) * outputs + first, count, stride);
      }
    }
  }
}

/** Weights of `arrays`, which TensorFlow lays out. */
export function toWeights(
  layouts: Readonly<Record<string, WeightLayout>>,
  arrays: Readonly<Record<string, Float32Array>>,
): Weights {
  const weights = Object.entries(arrays).map(([name, data]): [string, WeightTensor] => {
    const layout = layouts[name] as WeightLayout;
    return [name, { shape: layout.shape, data: toPyTorchLayout(data, layout) }];
  });
  return Object.fromEntries(weights);
}
