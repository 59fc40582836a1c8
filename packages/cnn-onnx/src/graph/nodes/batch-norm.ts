import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import type { AppliedNode, ApplyNode } from './graph-node';

/** Images and pixels: all axes but the channels. */
const AXES = [0, 2, 3];

/**
 * Brings each channel to mean 0 and variance 1 over a batch's n = N·h·w values, then scales and moves it:
 *
 *     x̂ = (x - mean) / √(variance + ε),   y = γ · x̂ + β
 *     ∂β = Σ ∂y,   ∂γ = Σ ∂y · x̂,   ∂x = γ / √(variance + ε) · (∂y - ∂β/n - x̂ · ∂γ/n)
 *
 * Inference uses the running mean and variance of training, where the variance is the unbiased one:
 *
 *     running ← (1 - momentum) · running + momentum · batch
 *
 * γ is `NAME.weight`, β `NAME.bias`; state `NAME.running_mean` and `NAME.running_var`.
 *
 * Source: Ioffe and Szegedy 2015, "Batch normalization", algorithm 1 and section 3;
 * https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export const batchNorm: ApplyNode = ([input], { graph, node, mode }) => {
  const x = input as Value;
  return mode.training
    ? normaliseByBatch(graph, node, x, mode.batchSize)
    : { output: normaliseByState(graph, node, x), backward: refuseGradient };
};

function batchNormNames({ name }: ResolvedNode) {
  return {
    weight: `${name}.weight`,
    bias: `${name}.bias`,
    mean: `${name}.running_mean`,
    variance: `${name}.running_var`,
  };
}

function normaliseByState(graph: GraphBuilder, node: ResolvedNode, input: Value): Value {
  const { weight, bias, mean, variance } = batchNormNames(node);
  return graph.node('BatchNormalization', [input, weight, bias, mean, variance], {
    epsilon: { float: node.options.epsilon as number },
  });
}

function normaliseByBatch(
  graph: GraphBuilder,
  node: ResolvedNode,
  input: Value,
  batchSize: Value,
): AppliedNode {
  const { epsilon, momentum } = node.options as { epsilon: number; momentum: number };
  const names = batchNormNames(node);
  const mean = graph.node('ReduceMean', [input], { axes: AXES });
  const centred = graph.node('Sub', [input, mean]);
  const squares = graph.node('Mul', [centred, centred]);
  const variance = graph.node('ReduceMean', [squares], { axes: AXES });
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.float(epsilon)])]);
  const normalised = graph.node('Div', [centred, deviation]);
  const scale = perChannel(graph, names.weight);
  const scaled = graph.node('Mul', [normalised, scale]);
  const [, height, width] = node.outputShape as [number, number, number];
  const count = graph.node('Mul', [batchSize, graph.float(height * width)]);
  return {
    output: graph.node('Add', [scaled, perChannel(graph, names.bias)]),
    nextState: {
      [names.mean]: blend(graph, names.mean, mean, momentum),
      [names.variance]: blend(graph, names.variance, unbiased(graph, variance, count), momentum),
    },
    backward: (outputGradient) => {
      const biasGradient = sum(graph, outputGradient);
      const weightGradient = sum(graph, graph.node('Mul', [outputGradient, normalised]));
      return {
        weights: {
          [names.weight]: graph.reshape(weightGradient, -1),
          [names.bias]: graph.reshape(biasGradient, -1),
        },
        inputs: [
          () => {
            const meanGradient = graph.node('Div', [biasGradient, count]);
            const slope = graph.node('Div', [weightGradient, count]);
            const common = graph.node('Sub', [outputGradient, meanGradient]);
            const along = graph.node('Mul', [normalised, slope]);
            const direction = graph.node('Sub', [common, along]);
            return graph.node('Mul', [direction, graph.node('Div', [scale, deviation])]);
          },
        ],
      };
    },
  };
}

/** [channels] as [channels, 1, 1], which spreads over images. */
function perChannel(graph: GraphBuilder, weight: Value): Value {
  return graph.node('Unsqueeze', [weight, graph.integers(1, 2)]);
}

/** Over images and pixels, [1, channels, 1, 1]. */
function sum(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSum', [value, graph.integers(...AXES)]);
}

/** variance · n/(n - 1); of a single value per channel, 0. */
function unbiased(graph: GraphBuilder, variance: Value, count: Value): Value {
  const degrees = graph.node('Max', [graph.node('Sub', [count, graph.float(1)]), graph.float(1)]);
  return graph.node('Mul', [variance, graph.node('Div', [count, degrees])]);
}

/** (1 - momentum) · running + momentum · batch, [channels] */
function blend(graph: GraphBuilder, running: Value, batch: Value, momentum: number): Value {
  const old = graph.node('Mul', [running, graph.float(1 - momentum)]);
  const fresh = graph.node('Mul', [graph.reshape(batch, -1), graph.float(momentum)]);
  return graph.node('Add', [old, fresh]);
}

function refuseGradient(): never {
  throw new Error('The gradient of batchNorm exists in a training graph only.');
}
