import type { Layer } from '../network/operation';

/** One row an image, in height, width, channel order: [count × features]. */
export function flatten(): Layer {
  return (input, { tf }) => ({
    output: tf.reshape(input, [input.shape[0] as number, -1]),
    backward: (dy) => ({ weights: {}, input: () => tf.reshape(dy, input.shape) }),
  });
}
