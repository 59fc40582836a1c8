import type { ImageSize } from '@dlcmp/contract';
import { PIXELS } from '../graph/pixel-input';
import { GraphBuilder } from './graph-builder';

/** Order of an image tensor's axes: batch, channels, height, width, or the channels last. */
export type ImageLayout = 'NCHW' | 'NHWC';

/** (byte / scale - mean) / standard deviation, for red, green and blue. */
export interface PixelNormalisation {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
}

/**
 * An ONNX model from `pixels`, bytes [batch × height × width × 3], to `input`, normalised floats in
 * `layout`, as a foreign model takes them.
 */
export function buildPreprocessingModel(
  layout: ImageLayout,
  { inputHeight, inputWidth }: ImageSize,
  { scale, mean, standardDeviation }: PixelNormalisation,
): Uint8Array {
  const graph = new GraphBuilder();
  const shape = ['batch', inputHeight, inputWidth, 3];
  const bytes = graph.cast(graph.input(PIXELS, 'uint8', shape), 'float32');
  const factor = standardDeviation.map((deviation) => 1 / (scale * deviation));
  const offset = mean.map((value, channel) => -value / (standardDeviation[channel] as number));
  const scaled = graph.node('Mul', [bytes, graph.float(factor, [3])]);
  const normalised = graph.node('Add', [scaled, graph.float(offset, [3])]);
  if (layout === 'NHWC') {
    graph.output('input', normalised, 'float32', shape);
  } else {
    const planes = graph.node('Transpose', [normalised], { perm: [0, 3, 1, 2] });
    graph.output('input', planes, 'float32', ['batch', 3, inputHeight, inputWidth]);
  }
  return graph.encode('preprocessing');
}
