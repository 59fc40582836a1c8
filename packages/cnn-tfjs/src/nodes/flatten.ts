import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';

/**
 * One row an image: [count × features], in channel, height, width order.
 *
 * @param keepsOrder whether the order is left as height, width, channel, for dense layers whose matrices have their rows in
 *   that order: nothing is moved then
 */
export function flatten(keepsOrder: boolean): Operation {
  return ([input], { tf }) => {
    const x = input as Tensor4D;
    const count = x.shape[0];
    if (keepsOrder || x.rank !== 4) {
      return {
        output: tf.reshape(x, [count, -1]),
        backward: (dy) => ({ inputs: [() => tf.reshape(dy, x.shape)] }),
      };
    }
    const [, height, width, channels] = x.shape;
    return {
      output: tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [count, -1]),
      backward: (dy) => ({
        inputs: [
          () => tf.transpose(tf.reshape(dy, [count, channels, height, width]), [0, 2, 3, 1]),
        ],
      }),
    };
  };
}
