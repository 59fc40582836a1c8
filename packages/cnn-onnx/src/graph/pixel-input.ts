import type { Network } from '@dlcmp/contract';
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
): Value {
  const pixels = graph.input(PIXELS, 'uint8', ['batch', inputHeight, inputWidth, 3]);
  const scale = standardDeviation.map((deviation) => 1 / (255 * deviation));
  const offset = mean.map((value, channel) => -value / (standardDeviation[channel] as number));
  const planes = graph.node('Transpose', [pixels], { perm: [0, 3, 1, 2] });
  const scaled = graph.node('Mul', [graph.cast(planes, 'float32'), graph.float(scale, [3, 1, 1])]);
  return graph.node('Add', [scaled, graph.float(offset, [3, 1, 1])]);
}
