import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import type { WeightGradient } from '../apply-network';
import { GRADIENT_NORM } from '../value-names';

/** Keeps the scale finite where all gradients are 0, as PyTorch's `clip_grad_norm_` does. */
const NORM_EPSILON = 1e-6;

/**
 * How gradients are scaled so that the norm of all together is at most `maximumNorm`; without one they stay:
 *
 *     norm = √(Σ g²),   g ← min(1, maximumNorm / (norm + 1e-6)) · g
 *
 * @returns takes a gradient, and how a scalar is given as many axes
 *
 * Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1.
 */
export function clipGradients(
  graph: GraphBuilder,
  shapes: Readonly<Record<string, readonly number[]>>,
  gradients: Readonly<Record<string, WeightGradient>>,
  maximumNorm: number | undefined,
): {
  readonly clip: (gradient: Value, spread: (scalar: Value) => Value) => Value;
  readonly norm?: Value;
} {
  if (maximumNorm === undefined) return { clip: (gradient) => gradient };
  // Summed row by row first: one sum over millions of squares would lose digits.
  const sums = Object.entries(shapes).map(([name, shape]) => {
    const axes = shape.length === 1 ? [0] : shape.slice(1).map((_, axis) => axis + 1);
    const rows = graph.node('ReduceSumSquare', [gradients[name]?.gradient as Value], { axes });
    return graph.reshape(rows, -1);
  });
  const sum = graph.node('ReduceSum', [graph.node('Concat', sums, { axis: 0 })], { keepdims: 0 });
  const norm = graph.node('Sqrt', [sum]);
  graph.output(GRADIENT_NORM, norm, 'float32', []);
  const limit = graph.node('Div', [
    graph.float(maximumNorm),
    graph.node('Add', [norm, graph.float(NORM_EPSILON)]),
  ]);
  const scale = graph.node('Min', [graph.float(1), limit]);
  return { clip: (gradient, spread) => graph.node('Mul', [gradient, spread(scale)]), norm };
}
