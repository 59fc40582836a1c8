import type { ResolvedNode, Window } from '@dlcmp/contract';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import type { TensorFlow } from '../tensorflow-modules';
import { biasGradient } from './bias-gradient';
import { dilateFilter, thinFilter } from './dilated-filter';
import { type Convolution, convolutionOf } from './grouped-convolution';
import { cropImages, padImages, windowPadding } from './window-padding';

/**
 * Convolution, with a bias for each output channel where it has one:
 *
 *     y[n,i,j,o] = Σ_{p,q,c} W[p,q,c,o] · x[n, si+dp, sj+dq, c] + b[o]   with x padded by zeros, stride s, dilation d
 *     ∂W[p,q,c,o] = Σ_{n,i,j} ∂y[n,i,j,o] · x[n, si+dp, sj+dq, c],   ∂b[o] = Σ ∂y[n,i,j,o]
 *     ∂x = ∂y spread by the stride, convolved with W turned by 180° and its channel axes exchanged
 *
 * Filters are [height, width, in/groups, out]; depthwise [height, width, in, out/in]. A dilated filter is convolved as one
 * with zeros between, as TensorFlow has gradients of such only.
 *
 * Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning".
 */
export function conv2d(node: ResolvedNode): Operation {
  const { name } = node;
  const { kernelSize, dilation, stride } = node.window as Window;
  const extents = kernelSize.map((size, axis) => (size - 1) * (dilation[axis] as number) + 1);
  const { pad, sides } = windowPadding(node, extents as [number, number]);
  const convolution = convolutionOf(node, { strides: [...stride], pad });
  return ([input], { tf, weights }) => {
    const x = input as Tensor4D;
    const filter = dilateFilter(tf, weights[`${name}.weight`] as Tensor4D, dilation);
    const bias: Tensor | undefined = weights[`${name}.bias`];
    const padded = sides ? padImages(tf, x, sides) : x;
    const convolved = convolution.forward(tf, padded, filter);
    return {
      output: bias ? tf.add(convolved, bias) : convolved,
      backward: (outputGradient) => {
        const dy = outputGradient as Tensor4D;
        const inputGradient = () => {
          const gradient = convolution.inputGradient(tf, dy, filter, padded.shape);
          return sides ? cropImages(tf, gradient, sides, x.shape) : gradient;
        };
        return {
          weights: {
            ...(bias && { [`${name}.bias`]: biasGradient(tf, dy, bias.size) }),
            [`${name}.weight`]: filterGradient(tf, convolution, padded, dy, filter, dilation),
          },
          inputs: [inputGradient],
        };
      },
    };
  };
}

function filterGradient(
  tf: TensorFlow,
  convolution: Convolution,
  x: Tensor4D,
  dy: Tensor4D,
  filter: Tensor4D,
  dilation: Window['dilation'],
): Tensor {
  return thinFilter(tf, convolution.filterGradient(tf, x, dy, filter.shape), dilation);
}
