import type { Layer } from './layer';
import { type PoolOptions, poolWindow } from './max-pool2d';
import { unreached, windowAttributes, windowPositions } from './window';

/**
 * Mean of each k × k square; rows and columns that fill no square are lost, and pixels around the
 * image count as zeros, as PyTorch has it:
 *
 *     y[n,c,i,j] = 1/k² Σ_{p,q} x[n,c,s·i+p,s·j+q]
 *     ∂x = 1/k² Σ ∂y over the squares that x lies in
 *
 * The gradient is a transposed convolution with a kernel of 1/k².
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export function averagePool2d(options: PoolOptions = {}): Layer {
  const window = poolWindow('averagePool2d', options);
  const attributes = windowAttributes(window);
  const positions = (shape: readonly number[]) => windowPositions('averagePool2d', window, shape);
  return {
    description: { type: 'averagePool2d', ...window },
    outputShape: (shape) => [shape[0] as number, ...positions(shape)],
    weightShapes: () => ({}),
    apply(input, { graph, inputShape }) {
      const [height, width] = positions(inputShape);
      return {
        output: graph.node('AveragePool', [input], { ...attributes, count_include_pad: 1 }),
        backward: (outputGradient) => ({
          weights: {},
          input: () => {
            const planes = graph.integers(-1, 1, height, width);
            const area = window.size ** 2;
            const share = graph.float(Array<number>(area).fill(1 / area), [
              1,
              1,
              window.size,
              window.size,
            ]);
            const spread = graph.node(
              'ConvTranspose',
              [graph.node('Reshape', [outputGradient, planes]), share],
              { ...attributes, output_padding: unreached(window, inputShape, [height, width]) },
            );
            return graph.node('Reshape', [spread, graph.integers(-1, ...inputShape)]);
          },
        }),
      };
    },
  };
}
