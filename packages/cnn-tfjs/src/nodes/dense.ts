import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Layer } from '../network/operation';

/**
 * Products of a batch of rows x with a matrix, without a bias (`channelBias` adds one):
 *
 *     y = x · W,   ∂W = xᵀ · ∂y,   ∂x = ∂y · Wᵀ
 *
 * @param name prefix of its weight's name
 */
export function dense(name: string): Layer {
  return (input, { tf, weights }) => {
    const x = input as Tensor2D;
    const matrix = weights[`${name}.weight`] as Tensor2D;
    return {
      output: tf.matMul(x, matrix),
      backward: (outputGradient) => {
        const dy = outputGradient as Tensor2D;
        return {
          weights: { [`${name}.weight`]: tf.matMul(x, dy, true, false) },
          input: () => tf.matMul(dy, matrix, false, true),
        };
      },
    };
  };
}
