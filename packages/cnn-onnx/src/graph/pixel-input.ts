import { CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION } from '@dlcmp/contract';
import type { SampleShape } from '../layers/layer';
import type { GraphBuilder, Value } from '../onnx/graph-builder';

/** Name of the graphs' image input. */
export const PIXELS = 'pixels';

/**
 * Adds the image input, [batch × height × width × 3] bytes, and turns it into what a network takes:
 * [batch × 3 × height × width] of (pixel / 255 - mean) / standard deviation.
 */
export function pixelInput(graph: GraphBuilder, [, height, width]: SampleShape): Value {
  const shape = ['batch', height as number, width as number, 3];
  const pixels = graph.input(PIXELS, 'uint8', shape);
  const scale = CHANNEL_STANDARD_DEVIATION.map((deviation) => 1 / (255 * deviation));
  const offset = CHANNEL_MEAN.map((mean, c) => -mean / (CHANNEL_STANDARD_DEVIATION[c] as number));
  const planes = graph.node('Transpose', [pixels], { perm: [0, 3, 1, 2] });
  const scaled = graph.node('Mul', [graph.cast(planes, 'float32'), graph.float(scale, [3, 1, 1])]);
  return graph.node('Add', [scaled, graph.float(offset, [3, 1, 1])]);
}
