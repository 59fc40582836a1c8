import { GraphBuilder, type Value } from '../onnx/graph-builder';

/** Name of the input that holds the gradient. */
export const GRADIENT = 'gradient';

/** Names of its tensors that are replaced by a step; each comes out as `next` + name. */
export const ADAM_STATE = ['weight', 'mean', 'variance'] as const;

/** Name of the output that replaces the input `name`. */
export function nextName(name: (typeof ADAM_STATE)[number]): string {
  return `next.${name}`;
}

/**
 * An ONNX model of one step of Adam (without weight decay) on any number of weights:
 *
 *     mean     ← g + β₁ · (mean - g)
 *     variance ← g² + β₂ · (variance - g²)
 *     weight   ← weight - stepSize · mean / (√variance + epsilon)
 *
 * with stepSize = α·√(1-β₂ᵗ)/(1-β₁ᵗ) and epsilon = ε·√(1-β₂ᵗ): the moments' bias towards zero is
 * corrected at no cost per weight.
 *
 * Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1 and the
 * remark at the end of section 2.
 */
export function buildAdamModel(): Uint8Array {
  const graph = new GraphBuilder();
  const vector = (name: string) => graph.input(name, 'float32', ['count']);
  const [weight, mean, variance] = ADAM_STATE.map(vector) as [Value, Value, Value];
  const gradient = vector(GRADIENT);
  const scalar = (name: string) => graph.input(name, 'float32', []);

  const nextMean = blend(graph, gradient, mean, scalar('meanDecay'));
  const squared = graph.node('Mul', [gradient, gradient]);
  const nextVariance = blend(graph, squared, variance, scalar('varianceDecay'));
  const spread = graph.node('Add', [graph.node('Sqrt', [nextVariance]), scalar('epsilon')]);
  const change = graph.node('Mul', [graph.node('Div', [nextMean, spread]), scalar('stepSize')]);
  const nextWeight = graph.node('Sub', [weight, change]);

  graph.output(nextName('weight'), nextWeight, 'float32', ['count']);
  graph.output(nextName('mean'), nextMean, 'float32', ['count']);
  graph.output(nextName('variance'), nextVariance, 'float32', ['count']);
  return graph.encode('adam');
}

/** fresh + decay · (old - fresh) */
function blend(graph: GraphBuilder, fresh: Value, old: Value, decay: Value): Value {
  const difference = graph.node('Sub', [old, fresh]);
  return graph.node('Add', [graph.node('Mul', [difference, decay]), fresh]);
}
