import type { Layer } from './layer';

/**
 * Adds one number to each channel of an image:
 *
 *     y[n,c,i,j] = x[n,c,i,j] + b[c],   ∂b[c] = Σ_{n,i,j} ∂y[n,c,i,j],   ∂x = ∂y
 *
 * @param name prefix of its weight's name
 */
export function channelBias(name: string): Layer {
  const bias = `${name}.bias`;
  return {
    description: { type: 'channelBias', name },
    monotone: true,
    outputShape: (inputShape) => inputShape,
    weightShapes: ([channels]) => ({ [bias]: [channels as number] }),
    apply(input, { graph }) {
      const perChannel = graph.node('Unsqueeze', [bias, graph.integers(1, 2)]);
      return {
        output: graph.node('Add', [input, perChannel]),
        backward: (outputGradient) => ({
          weights: {
            [bias]: graph.node('ReduceSum', [outputGradient, graph.integers(0, 2, 3)], {
              keepdims: 0,
            }),
          },
          input: () => outputGradient,
        }),
      };
    },
  };
}
