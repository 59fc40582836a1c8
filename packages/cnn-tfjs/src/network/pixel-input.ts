import { featuresOf, type Network } from '@dlcmp/contract';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { bytesToFloats } from '../nodes/backend-kernels';
import type { TensorFlow } from '../tensorflow-modules';

const WHITE = 255;

type PixelSettings = Pick<Network, 'inputHeight' | 'inputWidth' | 'normalisation' | 'features'>;

/**
 * RGB bytes as images normalised by the network's constants: [count × height × width × 3]; or the features in their place,
 * images of which get their channels last.
 */
export function pixelInput(
  tf: TensorFlow,
  pixels: Uint8Array,
  count: number,
  settings: PixelSettings,
): Tensor {
  const { inputHeight, inputWidth, features } = settings;
  if (features) return channelsLast(tf, tf.tensor(featuresOf(pixels), [count, ...features]));
  const rows = bytesToFloats(tf, pixels, [count * inputHeight, inputWidth * 3]);
  return normalise(tf, rows as Tensor2D, count, settings);
}

/** {@link pixelInput} of bytes that are a tensor already, as float32 [count × height × width × 3]. */
export function normaliseBytes(tf: TensorFlow, bytes: Tensor, settings: PixelSettings): Tensor {
  const { inputHeight, inputWidth, features } = settings;
  if (features) return channelsLast(tf, bytes);
  const [count] = bytes.shape as [number];
  const rows = tf.reshape(bytes, [count * inputHeight, inputWidth * 3]) as Tensor2D;
  return normalise(tf, rows, count, settings);
}

/** [count × channels × height × width] turned; a row of values as it is. */
function channelsLast(tf: TensorFlow, features: Tensor): Tensor {
  return features.rank === 4 ? tf.transpose(features, [0, 2, 3, 1]) : features;
}

/** Type and shape of what {@link normaliseBytes} takes of `size` images. */
export function inputArray(
  { inputHeight, inputWidth, features }: PixelSettings,
  size: number,
): { readonly type: 'uint8' | 'float32'; readonly shape: readonly number[] } {
  return features
    ? { type: 'float32', shape: [size, ...features] }
    : { type: 'uint8', shape: [size, inputHeight, inputWidth, 3] };
}

/** A row of pixels in each of the rows. */
function normalise(
  tf: TensorFlow,
  rows: Tensor2D,
  count: number,
  { inputHeight, inputWidth, normalisation }: PixelSettings,
): Tensor4D {
  // A row of pixels at a time: an axis of three channels is too short for vector instructions.
  const row = (channels: readonly number[]) =>
    tf.tensor1d(Array.from({ length: inputWidth }, () => channels).flat());
  const mean = row(normalisation.mean.map((value) => value * WHITE));
  const scale = row(normalisation.standardDeviation.map((value) => 1 / (value * WHITE)));
  const normalised = tf.mul(tf.sub(rows, mean), scale) as Tensor2D;
  return tf.reshape(normalised, [count, inputHeight, inputWidth, 3]);
}
