import type { NetworkSizes } from '../devices/network-sizes';
import type { Value } from '../onnx/graph-builder';
import type { DeviceGraph } from './device-graph';
import { partCount } from './sizes';

/** Parts that the first dense layer's sums over all features are computed in. */
const FEWEST_PARTS = 72;

export interface DenseWeights {
  /** [features, hiddenUnits] */
  readonly fc1: Value;
  readonly fc1Bias: Value;
  /** [hiddenUnits, classes] */
  readonly fc2: Value;
  readonly fc2Bias: Value;
}

export interface DenseForward {
  readonly hidden: Value;
  readonly kept: Value;
  readonly logits: Value;
}

/** @param factor what dropout multiplies each hidden unit by; none in inference */
export function denseForward(
  device: DeviceGraph,
  batch: number,
  sizes: NetworkSizes,
  features: Value,
  weights: DenseWeights,
  factor?: Value,
): DenseForward {
  const { graph } = device;
  const { features: count, hiddenUnits } = sizes;
  const parts = partCount(count, FEWEST_PARTS);
  const split = device.transpose(device.reshape(features, batch, parts, count / parts), 1, 0, 2);
  const matrices = device.reshape(weights.fc1, parts, count / parts, hiddenUnits);
  const sums = device.sum(device.product(split, matrices), parts, batch * hiddenUnits);
  const shaped = device.reshape(sums, batch, hiddenUnits);
  const hidden = graph.node('Relu', [device.add(shaped, weights.fc1Bias)]);
  const kept = factor === undefined ? hidden : device.multiply(hidden, factor);
  const logits = device.add(device.product(kept, weights.fc2), weights.fc2Bias);
  return { hidden, kept, logits };
}

/** log softmax of each row. */
function logSoftmax(device: DeviceGraph, logits: Value): Value {
  const { graph } = device;
  const largest = graph.node('ReduceMax', [logits], { axes: [1], keepdims: 1 });
  const difference = graph.node('Sub', [logits, largest]);
  const exponentials = graph.node('Exp', [difference]);
  const total = graph.node('ReduceSum', [exponentials, graph.integers(1)], { keepdims: 1 });
  return graph.node('Sub', [difference, graph.node('Log', [total])]);
}

export interface DenseBackward {
  readonly loss: Value;
  readonly fc1: Value;
  readonly fc1Bias: Value;
  readonly fc2: Value;
  readonly fc2Bias: Value;
  /** [batch, features] */
  readonly features: Value;
}

/**
 * Mean cross-entropy against one-hot rows and its gradients:
 *
 *     ∂z = (softmax(z) - onehot) / N,   ∂W = xᵀ · ∂y,   ∂b = Σ_n ∂y[n],   ∂x = ∂y · Wᵀ
 */
export function denseBackward(
  device: DeviceGraph,
  batch: number,
  { hiddenUnits, classes }: NetworkSizes,
  features: Value,
  weights: DenseWeights,
  { hidden, kept, logits }: DenseForward,
  { target, factor }: { readonly target: Value; readonly factor: Value },
): DenseBackward {
  const { graph } = device;
  const share = graph.float(1 / batch);
  const logProbabilities = logSoftmax(device, logits);
  const chosen = device.multiply(target, logProbabilities);
  const total = graph.node('ReduceSum', [chosen], { keepdims: 0 });
  const error = graph.node('Sub', [graph.node('Exp', [logProbabilities]), target]);
  const logitsGradient = device.multiply(error, share);
  const keptGradient = device.product(logitsGradient, device.transpose(weights.fc2, 1, 0));
  const opened = device.multiply(factor, device.greater(hidden, graph.float(0)));
  const hiddenGradient = device.multiply(keptGradient, opened);
  const outer = (input: Value, gradient: Value) =>
    device.product(device.transpose(input, 1, 0), gradient);
  const inputGradient = device.product(weights.fc1, device.transpose(hiddenGradient, 1, 0));
  return {
    loss: graph.node('Neg', [device.multiply(total, share)]),
    fc1: outer(features, hiddenGradient),
    fc1Bias: device.sum(hiddenGradient, batch, hiddenUnits),
    fc2: outer(kept, logitsGradient),
    fc2Bias: device.sum(logitsGradient, batch, classes),
    features: device.transpose(inputGradient, 1, 0),
  };
}
