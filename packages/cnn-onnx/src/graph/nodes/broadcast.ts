import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';

/** The gradient of a node's input number `index`, given that of what it was spread over: summed where it was spread. */
export function gatherSpread(
  graph: GraphBuilder,
  { inputShapes, outputShape }: ResolvedNode,
  index: number,
  gradient: Value,
): Value {
  if (inputShapes[index]?.join() === outputShape.join()) return gradient;
  return graph.node('ReduceSum', [gradient, graph.integers(2, 3)]);
}
