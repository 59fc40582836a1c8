import type { Operation } from '../network/operation';
import { elementwise } from './elementwise';

/** y = 1 / (1 + exp(-x)), ∂x = ∂y · y · (1 - y). */
export function sigmoid(): Operation {
  return elementwise((x, tf) => {
    const output = tf.sigmoid(x);
    return { output, derivative: () => tf.mul(output, tf.sub(1, output)) };
  });
}
