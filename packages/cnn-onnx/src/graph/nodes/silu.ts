import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Sigmoid linear unit, with σ = 1 / (1 + exp(-x)):
 *
 *     y = x · σ,   ∂x = ∂y · (σ + y · (1 - σ))
 *
 * Source: Elfwing, Uchibe and Doya 2018, "Sigmoid-weighted linear units for neural network function approximation in
 * reinforcement learning".
 */
export const silu: ApplyNode = ([input], { graph }) => {
  const x = input as Value;
  const gate = graph.node('Sigmoid', [x]);
  const output = graph.node('Mul', [x, gate]);
  return {
    output,
    backward: (gradient) => ({
      inputs: [
        () => {
          const rest = graph.node('Sub', [graph.float(1), gate]);
          const slope = graph.node('Add', [gate, graph.node('Mul', [output, rest])]);
          return graph.node('Mul', [gradient, slope]);
        },
      ],
    }),
  };
};
