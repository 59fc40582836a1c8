import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import { sumToShape } from './broadcast';

/** y = a + b, ∂a = ∂b = ∂y; summed over the image where one of them is spread over it. */
export function add(): Operation {
  return (inputs, { tf }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    return {
      output: tf.add(a, b),
      backward: (dy) => ({
        inputs: [a, b].map(
          ({ shape }) =>
            () =>
              sumToShape(tf, dy, shape),
        ),
      }),
    };
  };
}
