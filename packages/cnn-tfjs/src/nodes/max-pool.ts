import type { ResolvedNode, Window } from '@dlcmp/contract';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import { cropImages, padImages, windowPadding } from './window-padding';

/** What padding holds, so that it is no maximum: the least of all float32. */
const LEAST = -3.4028234663852886e38;

/**
 * Largest value in each position of a window, by channels; padding is never the largest:
 *
 *     y[n,i,j,c] = max_{p,q} x[n, si+p, sj+q, c]        with stride s
 *     ∂x = the sum of ∂y over the windows that x is the first largest of (in row order)
 *
 * Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export function maxPool(node: ResolvedNode): Operation {
  const { kernelSize, stride } = node.window as Window;
  const { pad, sides } = windowPadding(node, kernelSize);
  const filterSize: [number, number] = [...kernelSize];
  const strides: [number, number] = [...stride];
  return ([images], { tf }) => {
    const x = images as Tensor4D;
    const input = sides ? padImages(tf, x, sides, LEAST) : x;
    const output = tf.maxPool(input, filterSize, strides, pad);
    const inputGradient = (dy: Tensor4D) => {
      const attributes = { filterSize, strides, pad };
      const gradient: Tensor4D = tf
        .engine()
        .runKernel(tf.MaxPoolGrad, { dy, input, output }, attributes);
      return sides ? cropImages(tf, gradient, sides, x.shape) : gradient;
    };
    return {
      output,
      backward: (dy) => ({ inputs: [() => inputGradient(dy as Tensor4D)] }),
    };
  };
}
