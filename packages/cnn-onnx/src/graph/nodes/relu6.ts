import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Rectifier with a ceiling: y = min(max(x, 0), 6), ∂x = ∂y where 0 < y < 6, else 0 (also at 0 and 6, as PyTorch has it).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 */
export const relu6: ApplyNode = ([input], { graph }) => {
  const [zero, six] = [graph.float(0), graph.float(6)];
  const output = graph.node('Clip', [input as Value, zero, six]);
  return {
    output,
    backward: (gradient) => ({
      inputs: [
        () => {
          const [above, below] = [
            graph.node('Greater', [output, zero]),
            graph.node('Less', [output, six]),
          ];
          const isActive = graph.node('And', [above, below]);
          // Half of what Where takes.
          return graph.node('Mul', [gradient, graph.cast(isActive, 'float32')]);
        },
      ],
    }),
  };
};
