import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../network/operation';
import type { TensorFlow } from '../tensorflow-modules';

/** Keeps the scale finite where all gradients are 0, as the contract's `clippingScale`. */
const NORM_EPSILON = 1e-6;

/** Gradients scaled so that their global norm is at most `maximumNorm`, and the norm before, a scalar. */
export function clipGradients(
  tf: TensorFlow,
  gradients: NamedTensors,
  maximumNorm: number,
): { readonly gradients: NamedTensors; readonly norm: Tensor } {
  const squares = Object.values<Tensor>(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const scale = tf.minimum(tf.div(maximumNorm, tf.add(norm, NORM_EPSILON)), 1);
  const clipped = Object.entries(gradients).map(([name, gradient]) => [
    name,
    tf.mul(gradient, scale),
  ]);
  return { gradients: Object.fromEntries(clipped), norm };
}
