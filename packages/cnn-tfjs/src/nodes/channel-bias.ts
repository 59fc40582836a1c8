import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from '../network/operation';
import type { TensorFlow } from '../tensorflow-modules';

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
      backward: (dy) => ({
        weights: { [`${name}.bias`]: biasGradient(tf, dy, bias.size) },
        input: () => dy,
      }),
    };
  };
}

/** The sum of `dy` over all axes but the last, which has `channels` entries. */
export function biasGradient(tf: TensorFlow, dy: Tensor, channels: number): Tensor {
  return tf.sum(tf.reshape(dy, [-1, channels]), 0);
}
