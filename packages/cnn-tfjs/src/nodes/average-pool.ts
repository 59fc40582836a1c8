import type { ResolvedNode, Window } from '@dlcmp/contract';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import type { TensorFlow } from '../tensorflow-modules';
import { cropImages, padImages } from './window-padding';

/**
 * Mean of each position of a window, by channels; padding counts as zeros, or not at all:
 *
 *     y[n,i,j,c] = Σ_{p,q} x[n, si+p, sj+q, c] / N,   ∂x = Σ ∂y / N over the windows that x is in
 *
 * with stride s and N the window's size, or how much of it lies inside the image.
 *
 * Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export function averagePool(node: ResolvedNode): Operation {
  const { kernelSize, stride, padding } = node.window as Window;
  const isPadded = Object.values(padding).some((size) => size > 0);
  const factors = isPadded && node.options.countPadding === false ? insideFactors(node) : undefined;
  const filterSize: [number, number] = [...kernelSize];
  const strides: [number, number] = [...stride];
  return ([images], { tf }) => {
    const x = images as Tensor4D;
    const input = isPadded ? padImages(tf, x, padding) : x;
    const mean = tf.avgPool(input, filterSize, strides, 'valid');
    const scale = factors?.(tf);
    const inputGradient = (dy: Tensor) => {
      const scaled = scale ? tf.mul(dy, scale) : dy;
      const attributes = { filterSize, strides, pad: 'valid' };
      const gradient: Tensor4D = tf
        .engine()
        .runKernel(tf.AvgPoolGrad, { dy: scaled, input }, attributes);
      return isPadded ? cropImages(tf, gradient, padding, x.shape) : gradient;
    };
    return {
      output: scale ? tf.mul(mean, scale) : mean,
      backward: (dy) => ({ inputs: [() => inputGradient(dy)] }),
    };
  };
}

/** By position [1, height, width, 1]: the window's size over how much of it lies inside the image. */
function insideFactors(node: ResolvedNode): (tf: TensorFlow) => Tensor {
  const { kernelSize, stride, padding } = node.window as Window;
  const [, rows, columns] = node.outputShape as [number, number, number];
  const [, height, width] = node.inputShapes[0] as [number, number, number];
  const inside = (position: number, axis: 0 | 1, before: number, side: number) => {
    const start = position * stride[axis] - before;
    return Math.min(start + kernelSize[axis], side) - Math.max(start, 0);
  };
  const size = kernelSize[0] * kernelSize[1];
  const values = Float32Array.from({ length: rows * columns }, (_, index) => {
    const vertical = inside(Math.floor(index / columns), 0, padding.top, height);
    const horizontal = inside(index % columns, 1, padding.left, width);
    return size / (vertical * horizontal);
  });
  return (tf) => tf.tensor(values.slice(), [1, rows, columns, 1]);
}
