import { kernelCalls } from '@dlcmp/kernels';
import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-modules';
import { type ConvolutionSizes, convolutionSizes, transposedSizes } from '../convolution-sizes';
import { FLOAT, type Heap, type KernelInputs } from './heap';
import { panelFloats } from './mat-mul';
import { split } from './split';

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
  const { outputs, outputHeight, outputWidth } = sizes;
  const depth = kernelHeight * kernelWidth * channels;
  const shares = split(count, heap.threads);
  const result = heap.allocate([count, outputHeight, outputWidth, outputs]);
  const paddedSize = paddedFloats(sizes);
  const scratch = [panelFloats(depth, outputs), shares.length * paddedSize] as const;
  return heap.withScratch(scratch, (panels, padded) => {
    heap.pool.kernels.packPanels({
      panels,
      matrix: kernel,
      depthStride: outputs * FLOAT,
      columnStride: FLOAT,
      depth,
      columns: outputs,
    });
    heap.run(
      shares.map(({ start, size }, part) =>
        kernelCalls.convolve({
          ...sizes,
          count: size,
          result: heap.address(result) + start * outputHeight * outputWidth * outputs * FLOAT,
          images: heap.address(images) + start * height * width * channels * FLOAT,
          panels,
          padded: padded + part * paddedSize * FLOAT,
        }),
      ),
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
    const kernel = heap.address(filter);
    heap.pool.kernels.rotateKernel({ rotated, kernel, positions, inputs: channels, outputs });
    return convolve(heap, outputGradient, rotated, transposedSizes(sizes));
  });
}

/** Each thread sums over its share of the images; then the sums are added up. */
function filterGradient(
  heap: Heap,
  images: TensorInfo,
  outputGradient: TensorInfo,
  sizes: ConvolutionSizes,
): TensorInfo {
  const { count, height, width, channels, kernelHeight, kernelWidth } = sizes;
  const { outputs, outputHeight, outputWidth } = sizes;
  const shares = split(count, heap.threads);
  const result = heap.allocate([kernelHeight, kernelWidth, channels, outputs]);
  const length = kernelHeight * kernelWidth * channels * outputs;
  const panelsSize = panelFloats(outputWidth, outputs);
  const paddedSize = paddedFloats(sizes);
  const threads = shares.length;
  const scratch = [threads * length, threads * panelsSize, threads * paddedSize] as const;
  return heap.withScratch(scratch, (sums, panels, padded) => {
    heap.run(
      shares.map(({ start, size }, part) =>
        kernelCalls.filterGradient({
          ...sizes,
          count: size,
          gradient: sums + part * length * FLOAT,
          images: heap.address(images) + start * height * width * channels * FLOAT,
          outputGradient:
            heap.address(outputGradient) + start * outputHeight * outputWidth * outputs * FLOAT,
          panels: panels + part * panelsSize * FLOAT,
          padded: padded + part * paddedSize * FLOAT,
        }),
      ),
    );
    const total = heap.floats(heap.address(result), length).fill(0);
    for (let part = 0; part < threads; part++) {
      const sum = heap.floats(sums + part * length * FLOAT, length);
      for (let i = 0; i < length; i++) total[i] = (total[i] as number) + (sum[i] as number);
    }
    return result;
  });
}

/** Room for one padded image. */
function paddedFloats(sizes: ConvolutionSizes): number {
  const { outputHeight, outputWidth, kernelHeight, kernelWidth, channels } = sizes;
  return (outputHeight + kernelHeight - 1) * (outputWidth + kernelWidth - 1) * channels;
}
