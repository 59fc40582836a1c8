import { bytesPerImage, type Device, featuresOf, type Network } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';

/** Name of the graphs' image input. */
export const PIXELS = 'pixels';

/** Type and shape of the input for `size` images: bytes of pixels, or float32 features in their place. */
export function inputOf<Size extends number | string>(
  { inputHeight, inputWidth, features }: Network,
  size: Size,
): { type: 'uint8' | 'float32'; shape: [Size, ...number[]] } {
  return features
    ? { type: 'float32', shape: [size, ...features] }
    : { type: 'uint8', shape: [size, inputHeight, inputWidth, 3] };
}

/** The bytes of `size` images, from the first on, as the input's type has them; not copied. */
export function inputArray(
  network: Network,
  bytes: Uint8Array,
  size: number,
): Uint8Array | Float32Array {
  const images = bytes.subarray(0, size * bytesPerImage(network));
  return network.features ? featuresOf(images) : images;
}

/**
 * Adds the image input, [batch × height × width × 3] bytes, and turns it into what the network takes:
 * [batch × 3 × height × width] of (pixel / 255 - mean) / standard deviation. Features are taken as they are.
 */
export function pixelInput(graph: GraphBuilder, network: Network, device: Device): Value {
  const {
    features,
    normalisation: { mean, standardDeviation },
  } = network;
  const { type, shape } = inputOf(network, 'batch');
  const pixels = graph.input(PIXELS, type, shape);
  if (features) return pixels;
  const scale = standardDeviation.map((deviation) => 1 / (255 * deviation));
  const offset = mean.map((value, channel) => -value / (standardDeviation[channel] as number));
  const toPlanes = (value: Value) => graph.node('Transpose', [value], { perm: [0, 3, 1, 2] });
  const toFloats = (value: Value) => graph.cast(value, 'float32');
  // Bytes are moved faster than floats, but WebGPU moves no bytes.
  const planes = device === 'webgpu' ? toPlanes(toFloats(pixels)) : toFloats(toPlanes(pixels));
  const scaled = graph.node('Mul', [planes, graph.float(scale, [3, 1, 1])]);
  return graph.node('Add', [scaled, graph.float(offset, [3, 1, 1])]);
}
