import type { Operation } from '../network/operation';
import { elementwise } from './elementwise';

const LARGEST = 6;

/**
 * y = min(max(x, 0), 6), ∂x = ∂y where 0 < y < 6, else 0.
 *
 * Source: Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10".
 */
export function relu6(): Operation {
  return elementwise((x, tf) => {
    const output = tf.relu6(x);
    return { output, derivative: () => tf.mul(tf.step(output), tf.step(tf.sub(LARGEST, output))) };
  });
}
