import type { Layer } from './layer';

/**
 * Rectifier: y = max(x, 0), ∂x = ∂y where y > 0, else 0 (also at 0, as PyTorch has it).
 *
 * Source: Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
 */
export function relu(): Layer {
  return {
    description: { type: 'relu' },
    monotone: true,
    outputShape: (inputShape) => inputShape,
    weightShapes: () => ({}),
    apply(input, { graph }) {
      const output = graph.node('Relu', [input]);
      return {
        output,
        backward: (outputGradient) => ({
          weights: {},
          input: () => {
            const zero = graph.float(0);
            const positive = graph.node('Greater', [output, zero]);
            return graph.node('Where', [positive, outputGradient, zero]);
          },
        }),
      };
    },
  };
}
