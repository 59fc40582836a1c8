import type { Device, ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { batchNormNames, byArithmetic, byOneOperator } from './batch-statistics';
import type { AppliedNode, ApplyNode } from './graph-node';
import { perChannel, sumPerChannel } from './per-channel';

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
    ? normaliseByBatch(graph, node, x, mode)
    : { output: normaliseByState(graph, node, x), backward: refuseGradient };
};

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
  { device, batchSize }: { device: Device; batchSize: Value },
): AppliedNode {
  const { momentum } = node.options as { momentum: number };
  const names = batchNormNames(node);
  const op = (type: string, ...inputs: Value[]) => graph.node(type, inputs);
  const batch = (device === 'cpu' ? byOneOperator : byArithmetic)(graph, node, input);
  const { mean, variance, deviation } = batch;
  const [, height, width] = node.outputShape as [number, number, number];
  const count = op('Mul', batchSize, graph.float(height * width));
  return {
    output: batch.output,
    nextState: {
      [names.mean]: blend(graph, names.mean, mean, momentum),
      [names.variance]: blend(graph, names.variance, unbiased(graph, variance, count), momentum),
    },
    backward: (gradient) => {
      const biasGradient = sumPerChannel(graph, gradient);
      const weightGradient = batch.sumAlong(gradient);
      return {
        weights: { [names.weight]: weightGradient, [names.bias]: biasGradient },
        inputs: [
          () => {
            const scale = op('Div', names.weight, deviation);
            const share = op('Neg', op('Div', scale, count));
            const rest = batch.scaled(
              op('Mul', share, weightGradient),
              op('Mul', share, biasGradient),
            );
            return op('Add', op('Mul', gradient, perChannel(graph, scale)), rest);
          },
        ],
      };
    },
  };
}

/** variance · n/(n - 1); of a single value per channel, 0. */
function unbiased(graph: GraphBuilder, variance: Value, count: Value): Value {
  const degrees = graph.node('Max', [graph.node('Sub', [count, graph.float(1)]), graph.float(1)]);
  return graph.node('Mul', [variance, graph.node('Div', [count, degrees])]);
}

/** (1 - momentum) · running + momentum · batch, [channels] */
function blend(graph: GraphBuilder, running: Value, batch: Value, momentum: number): Value {
  const old = graph.node('Mul', [running, graph.float(1 - momentum)]);
  const fresh = graph.node('Mul', [batch, graph.float(momentum)]);
  return graph.node('Add', [old, fresh]);
}

function refuseGradient(): never {
  throw new Error('The gradient of batchNorm exists in a training graph only.');
}
