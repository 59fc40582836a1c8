import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';

/**
 * Mean over the image of each channel, [count, 1, 1, channels]: ∂x = ∂y / (height · width) at every pixel.
 *
 * Source: Lin, Chen and Yan 2013, "Network in network", section 3.2.
 */
export function globalAveragePool(): Operation {
  return ([input], { tf }) => {
    const x = input as Tensor;
    const [, height, width] = x.shape as [number, number, number];
    return {
      output: tf.mean(x, [1, 2], true),
      backward: (dy) => ({
        inputs: [() => tf.tile(tf.div(dy, height * width), [1, height, width, 1])],
      }),
    };
  };
}
