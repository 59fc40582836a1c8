import { elementCount } from '@dlcmp/contract';
import { type KernelCall, kernelCalls } from '@dlcmp/kernels';
import type { MaxPoolAttrs, MaxPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-modules';
import { pooledShape } from '../pooled-shape';
import { FLOAT, type Heap, type KernelInputs } from './heap';
import { split } from './split';

/**
 * Kernels of tf.maxPool and its gradient for windows of 2×2 with stride 2. Where inputs tie, the
 * first one gets the whole gradient, as in PyTorch.
 */
export function maxPoolKernels(tf: TensorFlow, heap: Heap) {
  return {
    MaxPool({ x }: KernelInputs<'x'>, attributes: MaxPoolAttrs): TensorInfo {
      const result = heap.allocate(pooledShape(tf, x.shape, attributes));
      runOnImages(heap, x.shape as unknown as ImageShape, (sizes, addressOf) =>
        kernelCalls.maxPool({ ...sizes, result: addressOf(result), images: addressOf(x) }),
      );
      return result;
    },

    MaxPoolGrad(
      { dy, input, output }: KernelInputs<'dy' | 'input' | 'output'>,
      attributes: MaxPoolGradAttrs,
    ): TensorInfo {
      pooledShape(tf, input.shape, attributes);
      const result = heap.allocate(input.shape);
      runOnImages(heap, input.shape as unknown as ImageShape, (sizes, addressOf) =>
        kernelCalls.maxPoolGradient({
          ...sizes,
          gradient: addressOf(result),
          outputGradient: addressOf(dy),
          images: addressOf(input),
          outputs: addressOf(output),
        }),
      );
      return result;
    },
  };
}

/** Each thread computes its share of the images: `call` takes the images' sizes and each tensor's address. */
function runOnImages(
  heap: Heap,
  [count, height, width, channels]: ImageShape,
  call: (sizes: ImageSizes, addressOf: (tensor: TensorInfo) => number) => KernelCall,
): void {
  heap.run(
    split(count, heap.threads).map(({ start, size }) =>
      call({ count: size, height, width, channels }, (tensor) => {
        const [, ...shape] = tensor.shape;
        return heap.address(tensor) + start * elementCount(shape) * FLOAT;
      }),
    ),
  );
}

type ImageShape = readonly [count: number, height: number, width: number, channels: number];

type ImageSizes = Readonly<Record<'count' | 'height' | 'width' | 'channels', number>>;
