import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Logistic function: y = 1 / (1 + exp(-x)), ∂x = ∂y · y · (1 - y).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export const sigmoid: ApplyNode = ([input], { graph }) => {
  const output = graph.node('Sigmoid', [input as Value]);
  return {
    output,
    backward: (gradient) => ({
      inputs: [
        () => {
          const rest = graph.node('Sub', [graph.float(1), output]);
          return graph.node('Mul', [gradient, graph.node('Mul', [output, rest])]);
        },
      ],
    }),
  };
};
