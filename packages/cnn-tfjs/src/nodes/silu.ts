import type { Operation } from '../network/operation';
import { elementwise } from './elementwise';

/**
 * y = x · σ(x), ∂x = ∂y · σ(x) · (1 + x · (1 - σ(x))), with σ the sigmoid.
 *
 * Source: Elfwing, Uchibe and Doya 2018, "Sigmoid-weighted linear units for neural network function approximation in
 * reinforcement learning".
 */
export function silu(): Operation {
  return elementwise((x, tf) => {
    const gate = tf.sigmoid(x);
    return {
      output: tf.mul(x, gate),
      derivative: () => tf.mul(gate, tf.add(tf.mul(x, tf.sub(1, gate)), 1)),
    };
  });
}
