import type {
  Conv3DAttrs,
  KernelFunc,
  NamedAttrMap,
  Tensor,
  Tensor5D,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';

type Shape5D = Tensor5D['shape'];

/**
 * Dilated convolutions in space, which TensorFlow has none of on CPUs: the elements that one window sees are brought
 * together (space to batch), convolved without dilation, and put back.
 *
 * Source: https://www.tensorflow.org/api_docs/python/tf/nn/with_space_to_batch
 */
export function dilatedConv3D(tf: TensorFlow, stock: KernelFunc): KernelFunc {
  return (call) => {
    const attributes = call.attrs as unknown as Conv3DAttrs;
    const { x, filter } = call.inputs as { x: Tensor; filter: Tensor };
    const info = tf.backend_util.computeConv3DInfo(
      ...([x.shape as Shape5D, filter.shape as Shape5D] as const),
      ...([attributes.strides, attributes.dilations, attributes.pad] as const),
    );
    const block = [info.dilationDepth, info.dilationHeight, info.dilationWidth];
    if (block.every((dilation) => dilation === 1)) return stock(call);
    const { front, back, top, bottom, left, right } = info.padInfo;
    const padding = [
      [front, back],
      [top, bottom],
      [left, right],
    ];
    // As much more at the end as blocks need; it is cut off again.
    const rests = block.map((size, axis) => {
      const [before = 0, after = 0] = padding[axis] ?? [];
      const length = (x.shape[axis + 1] as number) + before + after;
      return (size - (length % size)) % size;
    });
    const padded = padding.map(([before = 0, after = 0], axis) => [before, after + rests[axis]!]);
    const attrs = { ...call.attrs, dilations: 1, pad: 'valid' } as NamedAttrMap;
    return tf.tidy(() => {
      const together = tf.spaceToBatchND(x, block, padded);
      const convolved = stock({ ...call, inputs: { x: together, filter }, attrs }) as Tensor;
      return tf.batchToSpaceND(
        convolved,
        block,
        rests.map((rest) => [0, rest]),
      );
    });
  };
}
