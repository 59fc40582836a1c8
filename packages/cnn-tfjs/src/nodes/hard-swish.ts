import type { Operation } from '../network/operation';
import { elementwise } from './elementwise';

/**
 * y = x · r(x) / 6 with r(x) = min(max(x + 3, 0), 6); ∂x = ∂y · (r(x) + x · r′(x)) / 6.
 *
 * Source: Howard et al. 2019, "Searching for MobileNetV3".
 */
export function hardSwish(): Operation {
  return elementwise((x, tf) => {
    const gate = tf.relu6(tf.add(x, 3));
    const slope = () => tf.mul(tf.step(gate), tf.step(tf.sub(6, gate)));
    return {
      output: tf.div(tf.mul(x, gate), 6),
      derivative: () => tf.div(tf.add(gate, tf.mul(x, slope())), 6),
    };
  });
}
