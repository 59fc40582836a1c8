import type { Layer } from '../network/operation';

/**
 * Leaves out units in training, by the context's mask:
 *
 *     y = x · keep / (1 - rate),   ∂x = ∂y · keep / (1 - rate)
 *
 * Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
 * overfitting"; scaled in training ("inverted"), so that inference leaves x as it is.
 */
export function dropout(rate: number): Layer {
  return (input, { tf, dropoutKeep }) => {
    if (!dropoutKeep)
      return { output: input, backward: (dy) => ({ weights: {}, input: () => dy }) };
    const factor =
      dropoutKeep instanceof Uint8Array
        ? tf.tensor(
            Float32Array.from(dropoutKeep, (keep) => keep / (1 - rate)),
            input.shape,
          )
        : tf.mul(dropoutKeep, 1 / (1 - rate));
    return {
      output: tf.mul(input, factor),
      backward: (dy) => ({ weights: {}, input: () => tf.mul(dy, factor) }),
    };
  };
}
