import { gatherSpread } from './broadcast';
import type { ApplyNode } from './graph-node';

/** y = a + b, ∂a = ∂b = ∂y; an input of [channels, 1, 1] spreads over the image, and its gradient is the sum there. */
export const add: ApplyNode = (inputs, { graph, node }) => ({
  output: graph.node('Add', inputs),
  backward: (gradient) => ({
    inputs: inputs.map((_, index) => () => gatherSpread(graph, node, index, gradient)),
  }),
});
