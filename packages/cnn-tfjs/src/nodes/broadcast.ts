import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** Height and width of images. */
const SIDES = [1, 2];

/** The gradient of an input of `shape` that was spread over the image, given that of what it was spread to. */
export function sumToShape(tf: TensorFlow, gradient: Tensor, shape: readonly number[]): Tensor {
  const isSpread = shape.some((size, axis) => size !== gradient.shape[axis]);
  return isSpread ? tf.sum(gradient, SIDES, true) : gradient;
}
