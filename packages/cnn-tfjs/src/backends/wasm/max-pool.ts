import { elementCount } from '@dlcmp/contract';
import type { KernelName } from '@dlcmp/kernels';
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
      runOnImages(heap, 'maxPool', [result, x], x.shape);
      return result;
    },

    MaxPoolGrad(
      { dy, input, output }: KernelInputs<'dy' | 'input' | 'output'>,
      attributes: MaxPoolGradAttrs,
    ): TensorInfo {
      pooledShape(tf, input.shape, attributes);
      const result = heap.allocate(input.shape);
      runOnImages(heap, 'maxPoolGradient', [result, dy, input, output], input.shape);
      return result;
    },
  };
}

/** Each thread computes its share of the images. */
function runOnImages(
  heap: Heap,
  kernel: KernelName,
  tensors: readonly TensorInfo[],
  [count = 0, ...imageShape]: readonly number[],
): void {
  heap.run(
    kernel,
    split(count, heap.threads).map(({ start, size }) => [
      ...tensors.map((tensor) => {
        const [, ...shape] = tensor.shape;
        return heap.address(tensor) + start * elementCount(shape) * FLOAT;
      }),
      ...[size, ...imageShape],
    ]),
  );
}
