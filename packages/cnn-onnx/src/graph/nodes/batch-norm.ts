import { assertArgument } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';
import { assertImageShape, assertLayerName } from './assert-layer';
import type { AppliedLayer, Layer } from './layer';

export interface BatchNorm2dOptions {
  /** Prefix of its weights' names. */
  readonly name: string;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Share of each batch in the running mean and variance, 0 < momentum ≤ 1. Default 0.1. */
  readonly momentum?: number;
}

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
export function batchNorm2d(options: BatchNorm2dOptions): Layer {
  const { name, epsilon = 1e-5, momentum = 0.1 } = options;
  assertLayerName('batchNorm2d', name);
  assertArgument(epsilon > 0, `batchNorm2d "${name}": epsilon must be above 0, not ${epsilon}.`);
  assertArgument(
    momentum > 0 && momentum <= 1,
    `batchNorm2d "${name}": momentum must be above 0 and at most 1, not ${momentum}.`,
  );
  const names = batchNormNames(name);
  return {
    description: { type: 'batchNorm2d', name, epsilon, momentum },
    outputShape: (shape) => {
      assertImageShape(`batchNorm2d "${name}"`, shape);
      return shape;
    },
    weightShapes: ([channels]) => ({
      [names.weight]: [channels as number],
      [names.bias]: [channels as number],
    }),
    stateShapes: ([channels]) => ({
      [names.mean]: [channels as number],
      [names.variance]: [channels as number],
    }),
    apply: (input, { graph, training }) =>
      training
        ? normaliseByBatch(graph, input, names, epsilon, momentum)
        : { output: normaliseByState(graph, input, names, epsilon), backward: refuseGradient },
  };
}

interface BatchNormNames {
  readonly weight: string;
  readonly bias: string;
  readonly mean: string;
  readonly variance: string;
}

function batchNormNames(name: string): BatchNormNames {
  return {
    weight: `${name}.weight`,
    bias: `${name}.bias`,
    mean: `${name}.running_mean`,
    variance: `${name}.running_var`,
  };
}

function normaliseByState(
  graph: GraphBuilder,
  input: Value,
  { weight, bias, mean, variance }: BatchNormNames,
  epsilon: number,
): Value {
  return graph.node('BatchNormalization', [input, weight, bias, mean, variance], {
    epsilon: { float: epsilon },
  });
}

function normaliseByBatch(
  graph: GraphBuilder,
  input: Value,
  names: BatchNormNames,
  epsilon: number,
  momentum: number,
): AppliedLayer {
  const mean = graph.node('ReduceMean', [input], { axes: AXES });
  const centred = graph.node('Sub', [input, mean]);
  const squares = graph.node('Mul', [centred, centred]);
  const variance = graph.node('ReduceMean', [squares], { axes: AXES });
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.float(epsilon)])]);
  const normalised = graph.node('Div', [centred, deviation]);
  const scale = perChannel(graph, names.weight);
  const scaled = graph.node('Mul', [normalised, scale]);
  const count = valuesPerChannel(graph, input, mean);
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
          [names.weight]: flat(graph, weightGradient),
          [names.bias]: flat(graph, biasGradient),
        },
        input: () => {
          const meanGradient = graph.node('Div', [biasGradient, count]);
          const slope = graph.node('Div', [weightGradient, count]);
          const common = graph.node('Sub', [outputGradient, meanGradient]);
          const along = graph.node('Mul', [normalised, slope]);
          const direction = graph.node('Sub', [common, along]);
          return graph.node('Mul', [direction, graph.node('Div', [scale, deviation])]);
        },
      };
    },
  };
}

/** [channels] as [channels, 1, 1], which spreads over images. */
function perChannel(graph: GraphBuilder, weight: Value): Value {
  return graph.node('Unsqueeze', [weight, graph.integers(1, 2)]);
}

/** [1, channels, 1, 1] as [channels]. */
function flat(graph: GraphBuilder, value: Value): Value {
  return graph.node('Reshape', [value, graph.integers(-1)]);
}

function sum(graph: GraphBuilder, value: Value): Value {
  return graph.node('ReduceSum', [value, graph.integers(...AXES)]);
}

/** n: the batch's values in one channel, a float. */
function valuesPerChannel(graph: GraphBuilder, input: Value, mean: Value): Value {
  const size = (value: Value) => graph.cast(graph.node('Size', [value]), 'float32');
  return graph.node('Div', [size(input), size(mean)]);
}

/** variance · n/(n - 1); of a single value per channel, 0. */
function unbiased(graph: GraphBuilder, variance: Value, count: Value): Value {
  const degrees = graph.node('Max', [graph.node('Sub', [count, graph.float(1)]), graph.float(1)]);
  return graph.node('Mul', [variance, graph.node('Div', [count, degrees])]);
}

/** (1 - momentum) · running + momentum · batch, [channels] */
function blend(graph: GraphBuilder, running: Value, batch: Value, momentum: number): Value {
  const old = graph.node('Mul', [running, graph.float(1 - momentum)]);
  const fresh = graph.node('Mul', [flat(graph, batch), graph.float(momentum)]);
  return graph.node('Add', [old, fresh]);
}

function refuseGradient(): never {
  throw new Error('The gradient of batchNorm2d exists in a training graph only.');
}
