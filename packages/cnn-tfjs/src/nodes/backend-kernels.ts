import { BYTES_TO_FLOATS, CONVOLVE_RECTIFY_POOL, RELU_GRADIENT } from '@dlcmp/tensorflow/engine';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/**
 * `x` convolved with `filter`, plus a bias for each channel, through a rectifier and 2×2 max-pooling, on a backend that
 * {@link fusesConvolutions}.
 */
export function convolveRectifyPool(
  tf: TensorFlow,
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor,
): Tensor4D {
  return tf.engine().runKernel(CONVOLVE_RECTIFY_POOL, { x, filter, bias }, {});
}

/** dy where `y`, a rectifier's output, is positive, else 0. */
export function reluGradient(tf: TensorFlow, dy: Tensor, y: Tensor): Tensor {
  if (hasKernel(tf, RELU_GRADIENT)) return tf.engine().runKernel(RELU_GRADIENT, { dy, y }, {});
  return tf.mul(dy, tf.step(y));
}

/** `bytes` as a float32 tensor of `shape`. */
export function bytesToFloats(tf: TensorFlow, bytes: Uint8Array, shape: readonly number[]): Tensor {
  if (!hasKernel(tf, BYTES_TO_FLOATS)) return tf.tensor(bytes, [...shape], 'float32');
  const attributes = { bytes, shape } as unknown as Record<string, number[]>;
  return tf.engine().runKernel(BYTES_TO_FLOATS, {}, attributes);
}

/** Whether the current backend computes a convolution, its bias and its rectifier in one pass, as native TensorFlow on the CPU. */
export function fusesConvolutions(tf: TensorFlow): boolean {
  return hasKernel(tf, CONVOLVE_RECTIFY_POOL) && !isOnGpu(tf);
}

function isOnGpu(tf: TensorFlow): boolean {
  return (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
}

function hasKernel(tf: TensorFlow, name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}
