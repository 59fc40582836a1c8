import type { InferenceOutput, Network, Weights } from '@dlcmp/contract';
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
  const input = pixelInput(graph, network);
  const logits = applyNetwork(graph, wholeNetwork(network), input, false).output;
  const shape = ['batch', network.classCount];
  if (outputs.includes('logits')) graph.output('logits', logits, 'float32', shape);
  if (outputs.includes('probabilities')) {
    graph.output('probabilities', graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  }
  return graph.encode('inference', metadata);
}
