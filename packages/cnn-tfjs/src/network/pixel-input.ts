import type { Network } from '@dlcmp/contract';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { bytesToFloats } from '../nodes/backend-kernels';
import type { TensorFlow } from '../tensorflow-modules';

const WHITE = 255;

type PixelSettings = Pick<Network, 'inputHeight' | 'inputWidth' | 'normalisation'>;

/** RGB bytes as images normalised by the network's constants: [count × height × width × 3]. */
export function pixelInput(
  tf: TensorFlow,
  pixels: Uint8Array,
  count: number,
  settings: PixelSettings,
): Tensor4D {
  const { inputHeight, inputWidth } = settings;
  const rows = bytesToFloats(tf, pixels, [count * inputHeight, inputWidth * 3]);
  return normalise(tf, rows as Tensor2D, count, settings);
}

/** {@link pixelInput} of bytes that are a tensor already, as float32 [count × height × width × 3]. */
export function normaliseBytes(tf: TensorFlow, bytes: Tensor4D, settings: PixelSettings): Tensor4D {
  const { inputHeight, inputWidth } = settings;
  const [count] = bytes.shape;
  const rows = tf.reshape(bytes, [count * inputHeight, inputWidth * 3]) as Tensor2D;
  return normalise(tf, rows, count, settings);
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
