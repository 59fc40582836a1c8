import type { Device, InferenceOutput, Network, Weights } from '@dlcmp/contract';
import { GraphBuilder } from '../onnx/graph-builder';
import { applyNetwork, wholeNetwork } from './apply-network';
import { pixelInput } from './pixel-input';

/**
 * An ONNX model that classifies `pixels`, with the weights as constants: ONNX Runtime lays them out anew for its kernels and
 * folds normalisations into convolutions, which takes a third off the time.
 *
 * @param outputs what it puts out, [batch × classes] each
 * @param metadata written into the file
 */
export function buildInferenceModel(
  network: Network,
  weights: Weights,
  outputs: readonly InferenceOutput[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = new GraphBuilder();
  for (const [name, { shape, data }] of Object.entries(weights)) {
    graph.initializer(name, shape, data);
  }
  addInference(graph, network, outputs, 'cpu');
  return graph.encode('inference', metadata);
}

/** {@link buildInferenceModel} for a GPU: weights and state are inputs of their own names, which stay where training has them. */
export function buildDeviceInferenceModel(
  network: Network,
  output: InferenceOutput,
  device: Device,
): Uint8Array {
  const graph = new GraphBuilder();
  for (const [name, shape] of Object.entries({ ...network.weightShapes, ...network.stateShapes })) {
    graph.input(name, 'float32', shape);
  }
  addInference(graph, network, [output], device);
  return graph.encode('inference');
}

function addInference(
  graph: GraphBuilder,
  network: Network,
  outputs: readonly InferenceOutput[],
  device: Device,
): void {
  const input = pixelInput(graph, network, device);
  const mode = { device, training: false } as const;
  const logits = applyNetwork(graph, wholeNetwork(network), input, mode).output;
  const shape = ['batch', network.classCount];
  if (outputs.includes('logits')) graph.output('logits', logits, 'float32', shape);
  if (outputs.includes('probabilities')) {
    graph.output('probabilities', graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  }
}
