import type { MaxPoolAttrs } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** The shape of tf.maxPool's result. Throws unless windows are 2×2 with stride 2. */
export function pooledShape(
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
