import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Rectifier: y = max(x, 0), ∂x = ∂y where y > 0, else 0 (also at 0, as PyTorch has it).
 *
 * Source: Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
 */
export const relu: ApplyNode = ([input], { graph }) => {
  const output = graph.node('Relu', [input as Value]);
  return {
    output,
    backward: (gradient) => ({
      inputs: [
        () => {
          const isActive = graph.node('Greater', [output, graph.float(0)]);
          // Half of what Where takes.
          return graph.node('Mul', [gradient, graph.cast(isActive, 'float32')]);
        },
      ],
    }),
  };
};
