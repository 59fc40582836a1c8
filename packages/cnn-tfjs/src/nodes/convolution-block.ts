import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Layer } from '../network/operation';
import { convolveRectifyPool, reluGradient } from './backend-kernels';
import { biasGradient } from './channel-bias';
import { convolutionGradients, GEOMETRY } from './conv2d';
import { maxPool2d } from './max-pool';

/**
 * Convolution, bias and rectifier in one pass, then 2×2 max-pooling: the function of `conv2d`, `maxPool2d`,
 * `channelBias` and `relu` one after the other, and the same gradients. The rectifier's is taken after the pooling,
 * which leaves a quarter of the values: where a largest value is not positive, nothing flows back to its square.
 *
 * @param name prefix of its weights' names
 */
export function fusedConvolutionBlock(name: string): Layer {
  const block: Layer = (input, context) => {
    const { tf, weights } = context;
    const x = input as Tensor4D;
    const filter = weights[`${name}.weight`] as Tensor4D;
    const bias = weights[`${name}.bias`] as Tensor;
    if (context.forwardOnly) {
      return {
        output: convolveRectifyPool(tf, x, filter, bias),
        backward: (dy) => block(x, { ...context, forwardOnly: false }).backward(dy),
      };
    }
    const { strides, pad } = GEOMETRY;
    const rectified = tf.fused.conv2d({ x, filter, bias, strides, pad, activation: 'relu' });
    const pooled = maxPool2d()(rectified, context);
    return {
      output: pooled.output,
      backward(dy) {
        const gradient = reluGradient(tf, dy, pooled.output);
        const convolved = pooled.backward(gradient).input() as Tensor4D;
        const gradients = convolutionGradients(tf, x, filter, convolved);
        return {
          weights: {
            [`${name}.weight`]: gradients.filter(),
            [`${name}.bias`]: biasGradient(tf, gradient, bias.size),
          },
          input: gradients.input,
        };
      },
    };
  };
  return block;
}
