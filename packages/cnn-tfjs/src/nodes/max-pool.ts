import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Layer } from '../network/operation';

const WINDOW = { filterSize: 2, strides: 2, pad: 'valid' } as const;

/**
 * Largest value of each 2×2 square; squares don't overlap, and a last row or column that fills no
 * square is lost:
 *
 *     y[n,i,j,c] = max_{p,q} x[n,2i+p,2j+q,c]
 *     ∂x = ∂y where x is the first largest of its square (in row order), else 0
 */
export function maxPool2d(): Layer {
  return (input, { tf }) => {
    const { filterSize, strides, pad } = WINDOW;
    const output = tf.maxPool(input as Tensor4D, filterSize, strides, pad);
    return {
      output,
      backward: (dy) => ({
        weights: {},
        input: () => tf.engine().runKernel(tf.MaxPoolGrad, { dy, input, output }, WINDOW),
      }),
    };
  };
}
