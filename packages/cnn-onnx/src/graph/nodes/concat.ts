import type { ApplyNode } from './graph-node';

/** Inputs one after the other along the channels; each one's gradient is its part of ∂y. */
export const concat: ApplyNode = (inputs, { graph, node }) => ({
  output: graph.node('Concat', inputs, { axis: 1 }),
  backward: (gradient) => {
    const counts = node.inputShapes.map(([channels]) => channels as number);
    const start = (index: number) => counts.slice(0, index).reduce((sum, count) => sum + count, 0);
    return {
      inputs: inputs.map((_, index) => () => {
        const [from, to] = [graph.integers(start(index)), graph.integers(start(index + 1))];
        return graph.node('Slice', [gradient, from, to, graph.integers(1)]);
      }),
    };
  },
});
