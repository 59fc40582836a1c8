import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from './layer';

/**
 * Adds one number to each channel, the last axis:
 *
 *     y[…,c] = x[…,c] + b[c],   ∂b[c] = Σ ∂y[…,c],   ∂x = ∂y
 *
 * @param name prefix of its weight's name
 */
export function channelBias(name: string): Layer {
  return (input, { tf, weights }) => {
    const bias = weights[`${name}.bias`] as Tensor;
    return {
      output: tf.add(input, bias),
      backward: (dy) => {
        const rows = tf.reshape(dy, [-1, bias.size]);
        return { weights: { [`${name}.bias`]: tf.sum(rows, 0) }, input: () => dy };
      },
    };
  };
}
