import type { Value } from '../../onnx/graph-builder';
import { gatherSpread } from './broadcast';
import type { ApplyNode } from './graph-node';

/**
 * y = a · b, ∂a = ∂y · b, ∂b = ∂y · a; an input of [channels, 1, 1] spreads over the image, and its gradient is the sum
 * there.
 */
export const multiply: ApplyNode = (inputs, { graph, node }) => ({
  output: graph.node('Mul', inputs),
  backward: (gradient) => ({
    inputs: inputs.map((_, index) => () => {
      const other = inputs[1 - index] as Value;
      return gatherSpread(graph, node, index, graph.node('Mul', [gradient, other]));
    }),
  }),
});
