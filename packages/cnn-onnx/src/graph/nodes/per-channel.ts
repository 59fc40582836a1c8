import type { GraphBuilder, Value } from '../../onnx/graph-builder';

/** [channels] as [channels, 1, 1], which spreads over images. */
export function perChannel(graph: GraphBuilder, values: Value): Value {
  return graph.node('Unsqueeze', [values, graph.integers(1, 2)]);
}

/** Over images and pixels, [channels]. */
export function sumPerChannel(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSum', [value, graph.integers(0, 2, 3)], { keepdims: 0 });
}
