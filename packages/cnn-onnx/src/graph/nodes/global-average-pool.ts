import { assertImageShape } from './assert-layer';
import type { Layer } from './layer';

/**
 * Mean of each channel, [channels, height, width] → [channels]:
 *
 *     y[n,c] = 1/(h·w) Σ_{i,j} x[n,c,i,j],   ∂x[n,c,i,j] = ∂y[n,c] / (h·w)
 *
 * Source: Lin, Chen and Yan 2014, "Network in network", section 3.2.
 */
export function globalAveragePool(): Layer {
  return {
    description: { type: 'globalAveragePool' },
    outputShape: (shape) => [assertImageShape('globalAveragePool', shape)[0]],
    weightShapes: () => ({}),
    apply(input, { graph, inputShape: [, height, width] }) {
      const area = (height as number) * (width as number);
      return {
        output: graph.node('Flatten', [graph.node('GlobalAveragePool', [input])]),
        backward: (outputGradient) => ({
          weights: {},
          input: () => {
            const share = graph.node('Div', [outputGradient, graph.float(area)]);
            const pixel = graph.node('Unsqueeze', [share, graph.integers(2, 3)]);
            return graph.node('Expand', [pixel, graph.node('Shape', [input])]);
          },
        }),
      };
    },
  };
}
