import type { Device, Network } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';

/** Name of the graphs' image input. */
export const PIXELS = 'pixels';

/**
 * Adds the image input, [batch × height × width × 3] bytes, and turns it into what the network takes:
 * [batch × 3 × height × width] of (pixel / 255 - mean) / standard deviation.
 */
export function pixelInput(
  graph: GraphBuilder,
  { inputHeight, inputWidth, normalisation: { mean, standardDeviation } }: Network,
  device: Device,
): Value {
  const pixels = graph.input(PIXELS, 'uint8', ['batch', inputHeight, inputWidth, 3]);
  const scale = standardDeviation.map((deviation) => 1 / (255 * deviation));
  const offset = mean.map((value, channel) => -value / (standardDeviation[channel] as number));
  const toPlanes = (value: Value) => graph.node('Transpose', [value], { perm: [0, 3, 1, 2] });
  const toFloats = (value: Value) => graph.cast(value, 'float32');
  // Bytes are moved faster than floats, but WebGPU moves no bytes.
  const planes = device === 'webgpu' ? toPlanes(toFloats(pixels)) : toFloats(toPlanes(pixels));
  const scaled = graph.node('Mul', [planes, graph.float(scale, [3, 1, 1])]);
  return graph.node('Add', [scaled, graph.float(offset, [3, 1, 1])]);
}
