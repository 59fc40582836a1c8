import { elementCount } from '@dlcmp/contract';
import type { Layer } from './layer';

/** Lays an image out as one row, in channel, height, width order; the gradient is laid back. */
export function flatten(): Layer {
  return {
    description: { type: 'flatten' },
    outputShape: (inputShape) => [elementCount(inputShape)],
    weightShapes: () => ({}),
    apply(input, { graph, inputShape }) {
      return {
        output: graph.node('Flatten', [input]),
        backward: (outputGradient) => ({
          weights: {},
          input: () => graph.node('Reshape', [outputGradient, graph.integers(-1, ...inputShape)]),
        }),
      };
    },
  };
}
