import type { Conv3DAttrs, KernelFunc, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { currentNodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';

/*
 * Dilated convolutions by those without dilation: the elements that one window sees are brought together (space to batch),
 * convolved, and put back. TensorFlow has no dilated ones in space on CPUs, and TensorFlow.js no gradients of any.
 *
 * Source: https://www.tensorflow.org/api_docs/python/tf/nn/with_space_to_batch
 */

/** How elements are brought together, and what is cut off when they are put back. */
interface Blocks {
  readonly block: number[];
  readonly padding: number[][];
  readonly crops: number[][];
}

const NAMES = [
  ['Depth', 'front', 'back'],
  ['Height', 'top', 'bottom'],
  ['Width', 'left', 'right'],
] as const;

/** Undefined where nothing is dilated. */
function blocksOf(
  tf: TensorFlow,
  x: Tensor,
  filter: Tensor,
  { strides, dilations, pad }: Pick<Conv3DAttrs, 'strides' | 'dilations' | 'pad'>,
): Blocks | undefined {
  const { computeConv2DInfo, computeConv3DInfo } = tf.backend_util;
  const compute = (x.shape.length === 4 ? computeConv2DInfo : computeConv3DInfo) as (
    ...geometry: unknown[]
  ) => unknown;
  const info = compute(x.shape, filter.shape, strides, dilations, pad) as Record<string, number>;
  const margins = info.padInfo as unknown as Record<string, number>;
  const axes = NAMES.slice(x.shape.length === 4 ? 1 : 0).map(([name, before, after]) => {
    const block = info[`dilation${name}`] as number;
    const [first, last] = [margins[before] as number, margins[after] as number];
    // As much more at the end as blocks need.
    const rest = (block - (((info[`in${name}`] as number) + first + last) % block)) % block;
    return { block, padding: [first, last + rest], crops: [0, rest] };
  });
  if (axes.every(({ block }) => block === 1)) return undefined;
  return {
    block: axes.map(({ block }) => block),
    padding: axes.map(({ padding }) => padding),
    crops: axes.map(({ crops }) => crops),
  };
}

/** The kernel of convolutions in space, with dilation. */
export function dilatedConv3D(tf: TensorFlow, stock: KernelFunc): KernelFunc {
  return (call) => {
    const { x, filter } = call.inputs as { x: Tensor; filter: Tensor };
    const blocks = blocksOf(tf, x, filter, call.attrs as unknown as Conv3DAttrs);
    if (!blocks) return stock(call);
    const attrs = { ...call.attrs, dilations: 1, pad: 'valid' } as NamedAttrMap;
    return tf.tidy(() => {
      const together = tf.spaceToBatchND(x, blocks.block, blocks.padding);
      const convolved = stock({ ...call, inputs: { x: together, filter }, attrs }) as Tensor;
      return tf.batchToSpaceND(convolved, blocks.block, blocks.crops);
    });
  };
}

/** Gives dilated convolutions gradients, while one of our backends is current. */
export function differentiateDilated(tf: TensorFlow): void {
  for (const kernelName of [tf.Conv2D, tf.Conv3D]) {
    const stock = tf.getGradient(kernelName);
    if (!stock) continue;
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      ...stock,
      gradFunc: (dy, saved, attributes) => {
        const [x, filter] = saved as [Tensor, Tensor];
        const geometry = attributes as unknown as Conv3DAttrs;
        const isOurs = currentNodeBackend(tf) && attributes.dataFormat !== 'NCHW';
        const blocks = isOurs && blocksOf(tf, x, filter, geometry);
        if (!blocks) return stock.gradFunc(dy, saved, attributes);
        return gradientsInBlocks(tf, blocks, dy as Tensor, x, filter);
      },
    });
  }
}

/** Bringing together and putting back are each other's adjoints, with padding for crops. */
function gradientsInBlocks(
  tf: TensorFlow,
  { block, padding, crops }: Blocks,
  dy: Tensor,
  x: Tensor,
  filter: Tensor,
): { x: () => Tensor; filter: () => Tensor } {
  const [byInput, byFilter] =
    x.shape.length === 4
      ? [tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter]
      : [tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2];
  const run = (kernel: string, inputs: Record<string, Tensor>, shapes: NamedAttrMap) => {
    const attributes = { strides: 1, pad: 'valid', dataFormat: 'NHWC', ...shapes };
    return tf.engine().runKernel(kernel, inputs, attributes) as Tensor;
  };
  const together = () => tf.spaceToBatchND(x, block, padding);
  const gradient = tf.spaceToBatchND(dy, block, crops);
  return {
    x: () => {
      const inputShape = together().shape;
      const inner = run(byInput, { dy: gradient, filter }, { inputShape });
      return tf.batchToSpaceND(inner, block, padding);
    },
    filter: () => run(byFilter, { x: together(), dy: gradient }, { filterShape: filter.shape }),
  };
}
