import type { ResolvedNode } from '@dlcmp/contract';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import { biasGradient } from './bias-gradient';

/**
 * Products of a batch of rows x with a matrix [inputs × units]:
 *
 *     y = x · W + b,   ∂W = xᵀ · ∂y,   ∂b = Σ ∂y,   ∂x = ∂y · Wᵀ
 */
export function dense({ name }: ResolvedNode): Operation {
  return ([input], { tf, weights }) => {
    const x = input as Tensor2D;
    const matrix = weights[`${name}.weight`] as Tensor2D;
    const bias: Tensor | undefined = weights[`${name}.bias`];
    const product = tf.matMul(x, matrix);
    return {
      output: bias ? tf.add(product, bias) : product,
      backward: (outputGradient) => {
        const dy = outputGradient as Tensor2D;
        return {
          weights: {
            ...(bias && { [`${name}.bias`]: biasGradient(tf, dy, bias.size) }),
            [`${name}.weight`]: tf.matMul(x, dy, true, false),
          },
          inputs: [() => tf.matMul(dy, matrix, false, true)],
        };
      },
    };
  };
}
