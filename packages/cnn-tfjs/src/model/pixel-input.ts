import {
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  type ImageSize,
} from '@dlcmp/bench-core/contract';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

const WHITE = 255;

/** RGB bytes as images whose channels have mean 0 and standard deviation 1. */
export function pixelInput(
  tf: TensorFlow,
  pixels: Uint8Array,
  count: number,
  { inputHeight, inputWidth }: ImageSize,
): Tensor4D {
  const bytes = tf.tensor4d(pixels, [count, inputHeight, inputWidth, 3], 'float32');
  const mean = tf.tensor1d(CHANNEL_MEAN.map((value) => value * WHITE));
  const scale = tf.tensor1d(CHANNEL_STANDARD_DEVIATION.map((value) => 1 / (value * WHITE)));
  return tf.mul(tf.sub(bytes, mean), scale);
}
