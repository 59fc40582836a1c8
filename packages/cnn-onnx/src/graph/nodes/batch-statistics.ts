import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { perChannel, sumPerChannel } from './per-channel';

/** Full names of a batch norm's weights and state. */
export function batchNormNames({ name }: ResolvedNode) {
  return {
    weight: `${name}.weight`,
    bias: `${name}.bias`,
    mean: `${name}.running_mean`,
    variance: `${name}.running_var`,
  };
}

/** What a batch says of its channels, and what follows for its values; all but `output` and `scaled` are [channels]. */
export interface BatchStatistics {
  /** γ · x̂ + β */
  readonly output: Value;
  readonly mean: Value;
  readonly variance: Value;
  /** √(variance + ε) */
  readonly deviation: Value;
  /** Σ ∂y · x̂ */
  sumAlong(gradient: Value): Value;
  /** scale · x̂ + offset, both [channels] */
  scaled(scale: Value, offset: Value): Value;
}

/**
 * By ONNX's BatchNormalization, which reads a batch twice and writes it once: with a momentum of 0 it hands out mean and variance in
 * training.
 */
export function byOneOperator(
  graph: GraphBuilder,
  node: ResolvedNode,
  input: Value,
): BatchStatistics {
  const epsilon = { float: node.options.epsilon as number };
  const names = batchNormNames(node);
  const [output, mean, variance] = graph.nodeWithOutputs(
    3,
    'BatchNormalization',
    [input, names.weight, names.bias, room(graph, names.mean), room(graph, names.variance)],
    { training_mode: 1, epsilon, momentum: { float: 0 } },
  ) as [Value, Value, Value];
  const deviation = deviationOf(graph, node, variance);
  return {
    ...{ output, mean, variance, deviation },
    sumAlong(gradient) {
      const centred = graph.node('Sub', [input, perChannel(graph, mean)]);
      const sums = sumPerChannel(graph, graph.node('Mul', [gradient, centred]));
      return graph.node('Div', [sums, deviation]);
    },
    scaled: (scale, offset) =>
      graph.node('BatchNormalization', [input, scale, offset, mean, variance], { epsilon }),
  };
}

/** Zeros that ONNX Runtime writes the batch's statistics over, as it does over what it is given as running ones. */
function room(graph: GraphBuilder, running: Value): Value {
  return graph.node('Mul', [running, graph.float(0)]);
}

/** By operators that GPUs have too. */
export function byArithmetic(
  graph: GraphBuilder,
  node: ResolvedNode,
  input: Value,
): BatchStatistics {
  const names = batchNormNames(node);
  const op = (type: string, ...inputs: Value[]) => graph.node(type, inputs);
  const meanOf = (value: Value) =>
    graph.node('ReduceMean', [value], { axes: [0, 2, 3], keepdims: 0 });
  const mean = meanOf(input);
  const centred = op('Sub', input, perChannel(graph, mean));
  const variance = meanOf(op('Mul', centred, centred));
  const deviation = deviationOf(graph, node, variance);
  const normalised = op('Div', centred, perChannel(graph, deviation));
  const scaled = (scale: Value, offset: Value) =>
    op('Add', op('Mul', normalised, perChannel(graph, scale)), perChannel(graph, offset));
  return {
    ...{ output: scaled(names.weight, names.bias), mean, variance, deviation },
    sumAlong: (gradient) => sumPerChannel(graph, op('Mul', gradient, normalised)),
    scaled,
  };
}

function deviationOf(graph: GraphBuilder, node: ResolvedNode, variance: Value): Value {
  const epsilon = graph.float(node.options.epsilon as number);
  return graph.node('Sqrt', [graph.node('Add', [variance, epsilon])]);
}
