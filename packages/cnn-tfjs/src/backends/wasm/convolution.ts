import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-modules';
import { type ConvolutionSizes, convolutionSizes, transposedSizes } from './convolution-sizes';
import type { Heap, KernelInputs } from './heap';
import { panelFloats } from './mat-mul';

/**
 * Kernels of tf.conv2d and its gradients, for stride 1 without dilation. TensorFlow.js's own
 * WebAssembly backend computes the gradient of the input slowly and that of the filter not at all.
 */
export function convolutionKernels(tf: TensorFlow, heap: Heap) {
  return {
    Conv2D({ x, filter }: KernelInputs<'x' | 'filter'>, attributes: Conv2DAttrs): TensorInfo {
      const sizes = convolutionSizes(tf, x.shape, filter.shape, attributes);
      return convolve(heap, x, heap.address(filter), sizes);
    },

    Conv2DBackpropInput(
      { dy, filter }: KernelInputs<'dy' | 'filter'>,
      attributes: Conv2DBackpropInputAttrs,
    ): TensorInfo {
      const sizes = convolutionSizes(tf, attributes.inputShape, filter.shape, attributes);
      return inputGradient(heap, dy, filter, sizes);
    },

    Conv2DBackpropFilter(
      { x, dy }: KernelInputs<'x' | 'dy'>,
      attributes: Conv2DBackpropFilterAttrs,
    ): TensorInfo {
      const sizes = convolutionSizes(tf, x.shape, attributes.filterShape, attributes);
      return filterGradient(heap, x, dy, sizes);
    },
  };
}

function convolve(
  heap: Heap,
  images: TensorInfo,
  kernel: number,
  sizes: ConvolutionSizes,
): TensorInfo {
  const { count, height, width, channels, kernelHeight, kernelWidth } = sizes;
  const { outputs, top, left, outputHeight, outputWidth } = sizes;
  const depth = kernelHeight * kernelWidth * channels;
  const result = heap.allocate([count, outputHeight, outputWidth, outputs]);
  return heap.withScratch([panelFloats(depth, outputs), paddedFloats(sizes)], (panels, padded) => {
    heap.kernels.packPanels(panels, kernel, outputs * 4, 4, depth, outputs);
    heap.kernels.convolve(
      ...[heap.address(result), heap.address(images), panels, padded],
      ...[count, height, width, channels, kernelHeight, kernelWidth, outputs],
      ...[top, left, outputHeight, outputWidth],
    );
    return result;
  });
}

/** A convolution of the output's gradient with the rotated kernel. */
function inputGradient(
  heap: Heap,
  outputGradient: TensorInfo,
  filter: TensorInfo,
  sizes: ConvolutionSizes,
): TensorInfo {
  const { kernelHeight, kernelWidth, channels, outputs } = sizes;
  const positions = kernelHeight * kernelWidth;
  return heap.withScratch([positions * channels * outputs], (rotated) => {
    heap.kernels.rotateKernel(rotated, heap.address(filter), positions, channels, outputs);
    return convolve(heap, outputGradient, rotated, transposedSizes(sizes));
  });
}

function filterGradient(
  heap: Heap,
  images: TensorInfo,
  outputGradient: TensorInfo,
  sizes: ConvolutionSizes,
): TensorInfo {
  const { count, height, width, channels, kernelHeight, kernelWidth } = sizes;
  const { outputs, top, left, outputHeight, outputWidth } = sizes;
  const result = heap.allocateZeros([kernelHeight, kernelWidth, channels, outputs]);
  const scratch = [panelFloats(outputWidth, outputs), paddedFloats(sizes)] as const;
  return heap.withScratch(scratch, (panels, padded) => {
    heap.kernels.addFilterGradient(
      ...[heap.address(result), heap.address(images), heap.address(outputGradient)],
      ...[panels, padded, count, height, width, channels, kernelHeight, kernelWidth, outputs],
      ...[top, left, outputHeight, outputWidth],
    );
    return result;
  });
}

/** Room for one padded image. */
function paddedFloats(sizes: ConvolutionSizes): number {
  const { outputHeight, outputWidth, kernelHeight, kernelWidth, channels } = sizes;
  return (outputHeight + kernelHeight - 1) * (outputWidth + kernelWidth - 1) * channels;
}
