import type { Value } from '../../onnx/graph-builder';
import { maskName } from '../value-names';
import type { ApplyNode } from './graph-node';

/**
 * Leaves out values in training, by a mask that the caller feeds as [batch, ...shape] bytes, 1 = keep:
 *
 *     y = x · mask / (1 - rate),   ∂x = ∂y · mask / (1 - rate)
 *
 * Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"; scaled in training
 * ("inverted"), so that inference leaves x as it is.
 */
export const dropout: ApplyNode = ([input], { graph, node, mode }) => {
  const x = input as Value;
  if (!mode.training) return { output: x, backward: (gradient) => ({ inputs: [() => gradient] }) };
  const keep = graph.input(maskName(node.name), 'uint8', ['batch', ...node.outputShape]);
  const scale = graph.float(1 / (1 - (node.options.rate as number)));
  const factor = graph.node('Mul', [graph.cast(keep, 'float32'), scale]);
  return {
    output: graph.node('Mul', [x, factor]),
    backward: (gradient) => ({ inputs: [() => graph.node('Mul', [gradient, factor])] }),
  };
};
