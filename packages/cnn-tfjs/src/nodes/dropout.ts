import type { ResolvedNode } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';

/**
 * Leaves out values in training, by the context's mask:
 *
 *     y = x · keep / (1 - rate),   ∂x = ∂y · keep / (1 - rate)
 *
 * Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
 * overfitting"; scaled in training ("inverted"), so that inference leaves x as it is.
 */
export function dropout({ name, options }: ResolvedNode): Operation {
  const rate = options.rate as number;
  return ([input], { tf, masks }) => {
    const x = input as Tensor;
    const mask = masks?.[name];
    if (!mask) return { output: x, backward: (dy) => ({ inputs: [() => dy] }) };
    const factor =
      mask instanceof Uint8Array
        ? tf.tensor(
            Float32Array.from(mask, (keep) => keep / (1 - rate)),
            x.shape,
          )
        : tf.mul(tf.reshape(mask, x.shape), 1 / (1 - rate));
    return {
      output: tf.mul(x, factor),
      backward: (dy) => ({ inputs: [() => tf.mul(dy, factor)] }),
    };
  };
}
