import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Rectifier that leaks: y = x where x > 0, else slope · x; ∂x = ∂y where x > 0, else slope · ∂y.
 *
 * Source: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models";
 * https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 */
export const leakyRelu: ApplyNode = ([input], { graph, node }) => {
  const x = input as Value;
  const slope = node.options.negativeSlope as number;
  return {
    output: graph.node('LeakyRelu', [x], { alpha: { float: slope } }),
    backward: (gradient) => ({
      inputs: [
        () => {
          const positive = graph.node('Greater', [x, graph.float(0)]);
          const leaked = graph.node('Mul', [gradient, graph.float(slope)]);
          return graph.node('Where', [positive, gradient, leaked]);
        },
      ],
    }),
  };
};
