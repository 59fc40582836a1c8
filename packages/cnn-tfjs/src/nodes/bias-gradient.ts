import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** The gradient of one number added to each of `channels`: the sum of `dy` over all axes but the last. */
export function biasGradient(tf: TensorFlow, dy: Tensor, channels: number): Tensor {
  return tf.sum(tf.reshape(dy, [-1, channels]), 0);
}
