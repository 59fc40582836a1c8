import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import { sumToShape } from './broadcast';

/** y = a · b, ∂a = ∂y · b, ∂b = ∂y · a; summed over the image where one of them is spread over it. */
export function multiply(): Operation {
  return (inputs, { tf }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    return {
      output: tf.mul(a, b),
      backward: (dy) => ({
        inputs: [
          () => sumToShape(tf, tf.mul(dy, b), a.shape),
          () => sumToShape(tf, tf.mul(dy, a), b.shape),
        ],
      }),
    };
  };
}
