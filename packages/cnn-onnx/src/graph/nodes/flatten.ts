import type { Value } from '../../onnx/graph-builder';
import { type ApplyNode, firstShape } from './graph-node';

/** Lays an image out as one row, in channel, height, width order; the gradient is laid back. */
export const flatten: ApplyNode = ([input], { graph, node }) => ({
  output: graph.node('Flatten', [input as Value]),
  backward: (gradient) => ({ inputs: [() => graph.reshape(gradient, -1, ...firstShape(node))] }),
});
