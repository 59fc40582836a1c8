import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Layer } from '../network/operation';
import type { TensorFlow } from '../tensorflow-modules';

/** Stride 1, height and width kept. */
export const GEOMETRY = { strides: 1, pad: 'same', dataFormat: 'NHWC' } as const;

/**
 * Convolution of stride 1 that keeps height and width, without a bias (`channelBias` adds one):
 *
 *     y[n,i,j,o] = Σ_{p,q,c} W[p,q,c,o] · x[n,i+p,j+q,c]        with x padded by zeros
 *     ∂W[p,q,c,o] = Σ_{n,i,j} ∂y[n,i,j,o] · x[n,i+p,j+q,c]
 *     ∂x = ∂y convolved with W turned by 180° and its channel axes exchanged
 *
 * Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
 *
 * @param name prefix of its weight's name
 */
export function conv2d(name: string): Layer {
  return (input, { tf, weights }) => {
    const x = input as Tensor4D;
    const filter = weights[`${name}.weight`] as Tensor4D;
    return {
      output: tf.conv2d(x, filter, GEOMETRY.strides, GEOMETRY.pad),
      backward: (dy) => {
        const gradients = convolutionGradients(tf, x, filter, dy as Tensor4D);
        return { weights: { [`${name}.weight`]: gradients.filter() }, input: gradients.input };
      },
    };
  };
}

/** The gradients of the convolution of `x` with `filter`, given that of its result. */
export function convolutionGradients(tf: TensorFlow, x: Tensor4D, filter: Tensor4D, dy: Tensor4D) {
  const engine = tf.engine();
  const [inputShape, filterShape] = [x.shape, filter.shape];
  return {
    filter: (): Tensor =>
      engine.runKernel(tf.Conv2DBackpropFilter, { x, dy }, { ...GEOMETRY, filterShape }),
    input: (): Tensor =>
      engine.runKernel(tf.Conv2DBackpropInput, { dy, filter }, { ...GEOMETRY, inputShape }),
  };
}
