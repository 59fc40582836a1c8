import type { MaxPoolAttrs, MaxPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-modules';
import type { Heap, KernelInputs } from './heap';

/**
 * Kernels of tf.maxPool and its gradient for windows of 2×2 with stride 2. Where inputs tie, the
 * first one gets the whole gradient, as in PyTorch.
 */
export function maxPoolKernels(tf: TensorFlow, heap: Heap) {
  return {
    MaxPool({ x }: KernelInputs<'x'>, attributes: MaxPoolAttrs): TensorInfo {
      const result = heap.allocate(pooledShape(tf, x.shape, attributes));
      heap.kernels.maxPool(heap.address(result), heap.address(x), ...x.shape);
      return result;
    },

    MaxPoolGrad(
      { dy, input, output }: KernelInputs<'dy' | 'input' | 'output'>,
      attributes: MaxPoolGradAttrs,
    ): TensorInfo {
      pooledShape(tf, input.shape, attributes);
      const result = heap.allocate(input.shape);
      const addresses = [result, dy, input, output].map(heap.address);
      heap.kernels.maxPoolGradient(...addresses, ...input.shape);
      return result;
    },
  };
}

function pooledShape(
  tf: TensorFlow,
  shape: readonly number[],
  { filterSize, strides, pad }: Pick<MaxPoolAttrs, 'filterSize' | 'strides' | 'pad'>,
): readonly number[] {
  const input = shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(input, filterSize, strides, 1, pad, 'floor');
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  if ([filterHeight, filterWidth, strideHeight, strideWidth].some((size) => size !== 2)) {
    throw new Error('cnn-tfjs pools windows of 2×2 with stride 2 only.');
  }
  return info.outShape;
}
