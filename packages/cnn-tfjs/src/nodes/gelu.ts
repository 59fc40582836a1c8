import type { ResolvedNode } from '@dlcmp/contract';
import type { Operation } from '../network/operation';
import { elementwise } from './elementwise';

/**
 * y = x · Φ(x), with Φ the normal distribution's cumulative function, by the error function or by its approximation with tanh.
 *
 * Source: Hendrycks and Gimpel 2016, "Gaussian error linear units", section 2.
 */
export function gelu({ options }: ResolvedNode): Operation {
  return options.approximation === 'tanh' ? approximateGelu() : exactGelu();
}

/** Φ(x) = (1 + erf(x/√2)) / 2, ∂x = ∂y · (Φ(x) + x · exp(-x²/2) / √(2π)) */
function exactGelu(): Operation {
  return elementwise((x, tf) => {
    const cumulative = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
    const density = () => tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return {
      output: tf.mul(x, cumulative),
      derivative: () => tf.add(cumulative, tf.mul(x, density())),
    };
  });
}

const CUBIC = 0.044715;
const SCALE = Math.sqrt(2 / Math.PI);

/** Φ(x) ≈ (1 + t) / 2 with t = tanh(u), u = √(2/π) · (x + 0.044715 x³); ∂x = ∂y · ((1 + t) + x · (1 - t²) · u′) / 2 */
function approximateGelu(): Operation {
  return elementwise((x, tf) => {
    const squared = tf.square(x);
    const t = tf.tanh(tf.mul(tf.mul(x, tf.add(tf.mul(squared, CUBIC), 1)), SCALE));
    const slope = () =>
      tf.mul(tf.sub(1, tf.square(t)), tf.mul(tf.add(tf.mul(squared, 3 * CUBIC), 1), SCALE));
    return {
      output: tf.mul(tf.mul(x, tf.add(t, 1)), 0.5),
      derivative: () => tf.mul(tf.add(tf.add(t, 1), tf.mul(x, slope())), 0.5),
    };
  });
}
