import type { Value } from '../../onnx/graph-builder';
import { type ApplyNode, firstShape } from './graph-node';

/**
 * Mean of each channel, [channels, height, width] → [channels, 1, 1]:
 *
 *     y[n,c] = 1/(h·w) Σ_{i,j} x[n,c,i,j],   ∂x[n,c,i,j] = ∂y[n,c] / (h·w)
 *
 * Source: Lin, Chen and Yan 2014, "Network in network", section 3.2.
 */
export const globalAveragePool: ApplyNode = ([input], { graph, node }) => {
  const x = input as Value;
  const [, height, width] = firstShape(node) as [number, number, number];
  return {
    output: graph.node('GlobalAveragePool', [x]),
    backward: (gradient) => ({
      inputs: [
        () => {
          const share = graph.node('Div', [gradient, graph.float(height * width)]);
          return graph.node('Expand', [share, graph.integers(1, 1, height, width)]);
        },
      ],
    }),
  };
};
