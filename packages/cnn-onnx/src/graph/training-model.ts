import type { Device, Network } from '@dlcmp/contract';
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
import { BATCH_SIZE, gradientName, LABELS, LOSS, nextName } from './value-names';

/** What {@link buildGradientModel} is made for. */
export interface GradientModelOptions {
  readonly labelSmoothing: number;
  /** Where it is to run. */
  readonly device: Device;
  /** Whether it also puts out {@link nextName} of each value of the state. */
  readonly withState: boolean;
}

/**
 * An ONNX model that computes a batch's mean cross-entropy and its gradient with respect to every weight. Inputs: `pixels`,
 * `labels`, `batchSize`, masks, weights and state by their names. Outputs: `loss` and {@link gradientName} of each weight.
 */
export function buildGradientModel(
  network: Network,
  { labelSmoothing, device, withState }: GradientModelOptions,
): Uint8Array {
  const graph = new GraphBuilder();
  const { applied, gradients } = addTraining(graph, network, labelSmoothing, device);
  for (const [name, shape] of Object.entries(network.weightShapes)) {
    graph.output(gradientName(name), gradients.weights[name]?.gradient as string, 'float32', shape);
  }
  if (withState) putOutState(graph, network, applied);
  return graph.encode('gradients');
}

/**
 * An ONNX model of one training step on the CPU. Inputs: those of {@link buildGradientModel}, moments by their names, and the
 * numbers of the step. Outputs: `loss`, `gradientNorm` where gradients are clipped, and {@link nextName} of each weight,
 * moment and state. Each is computed after all that reads what it replaces, so that it may be written to the same memory.
 */
export function buildStepModel(network: Network, rules: UpdateRules): Uint8Array {
  const graph = new GraphBuilder();
  const { applied, gradients } = addTraining(graph, network, rules.labelSmoothing, 'cpu');
  addUpdate(graph, network.weightShapes, gradients.weights, rules);
  putOutState(graph, network, applied);
  return graph.encode('step');
}

function putOutState(graph: GraphBuilder, network: Network, { nextState }: AppliedNetwork): void {
  for (const [name, shape] of Object.entries(network.stateShapes)) {
    graph.output(nextName(name), nextState[name] as string, 'float32', shape);
  }
}

/** Adds the network as in training, its loss and its gradients. */
function addTraining(
  graph: GraphBuilder,
  network: Network,
  labelSmoothing: number,
  device: Device,
): { applied: AppliedNetwork; gradients: NetworkGradients } {
  const { weightShapes, stateShapes, classCount } = network;
  for (const [name, shape] of Object.entries({ ...weightShapes, ...stateShapes })) {
    graph.input(name, 'float32', shape);
  }
  const input = pixelInput(graph, network, device);
  const batchSize = graph.input(BATCH_SIZE, 'float32', []);
  const mode = { device, training: true, batchSize } as const;
  const applied = applyNetwork(graph, wholeNetwork(network), input, mode);
  const scores = {
    logits: applied.output,
    labels: graph.input(LABELS, 'int32', ['batch']),
    batchSize,
  };
  const error = softmaxCrossEntropy(graph, scores, classCount, labelSmoothing);
  graph.output(LOSS, error.loss, 'float32', []);
  return { applied, gradients: applied.backward(error.gradient) };
}
