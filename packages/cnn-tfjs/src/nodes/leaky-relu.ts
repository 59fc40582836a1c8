import type { ResolvedNode } from '@dlcmp/contract';
import type { Operation } from '../network/operation';
import { elementwise } from './elementwise';

/**
 * y = x where x > 0, else slope · x; ∂x = ∂y or slope · ∂y likewise.
 *
 * Source: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
 */
export function leakyRelu({ options }: ResolvedNode): Operation {
  const slope = options.negativeSlope as number;
  return elementwise((x, tf) => {
    const slopes = tf.add(tf.mul(tf.step(x), 1 - slope), slope);
    return { output: tf.mul(x, slopes), derivative: () => slopes };
  });
}
