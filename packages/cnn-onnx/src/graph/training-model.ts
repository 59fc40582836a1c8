import type { Network } from '@dlcmp/contract';
import { GraphBuilder } from '../onnx/graph-builder';
import {
  type AppliedNetwork,
  applyNetwork,
  type NetworkGradients,
  wholeNetwork,
} from './apply-network';
import { addUpdate, type UpdateRules } from './optimizers/add-update';
import { pixelInput } from './pixel-input';
import { softmaxCrossEntropy } from './softmax-cross-entropy';
import { gradientName, LABELS, LOSS, nextName } from './value-names';

/**
 * An ONNX model that computes a batch's mean cross-entropy and its gradient with respect to every weight. Inputs: `pixels`,
 * `labels`, masks, weights and state by their names. Outputs: `loss` and {@link gradientName} of each weight.
 */
export function buildGradientModel(network: Network, labelSmoothing: number): Uint8Array {
  const graph = new GraphBuilder();
  const { gradients } = addTraining(graph, network, labelSmoothing);
  for (const [name, shape] of Object.entries(network.weightShapes)) {
    graph.output(gradientName(name), gradients.weights[name]?.gradient as string, 'float32', shape);
  }
  return graph.encode('gradients');
}

/**
 * An ONNX model of one training step. Inputs: those of {@link buildGradientModel}, moments by their names, and the numbers of
 * the step. Outputs: `loss`, `gradientNorm` where gradients are clipped, and {@link nextName} of each weight, moment and
 * state. Each is computed after all that reads what it replaces, so that it may be written to the same memory.
 */
export function buildStepModel(network: Network, rules: UpdateRules): Uint8Array {
  const graph = new GraphBuilder();
  const { applied, gradients } = addTraining(graph, network, rules.labelSmoothing);
  addUpdate(graph, network.weightShapes, gradients.weights, rules);
  for (const [name, shape] of Object.entries(network.stateShapes)) {
    graph.output(nextName(name), applied.nextState[name] as string, 'float32', shape);
  }
  return graph.encode('step');
}

/** Adds the network as in training, its loss and its gradients. */
function addTraining(
  graph: GraphBuilder,
  network: Network,
  labelSmoothing: number,
): { applied: AppliedNetwork; gradients: NetworkGradients } {
  const { weightShapes, stateShapes, classCount } = network;
  for (const [name, shape] of Object.entries({ ...weightShapes, ...stateShapes })) {
    graph.input(name, 'float32', shape);
  }
  const input = pixelInput(graph, network);
  const applied = applyNetwork(graph, wholeNetwork(network), input, true);
  const labels = graph.input(LABELS, 'int32', ['batch']);
  const error = softmaxCrossEntropy(graph, applied.output, labels, classCount, labelSmoothing);
  graph.output(LOSS, error.loss, 'float32', []);
  return { applied, gradients: applied.backward(error.gradient) };
}
