import { elementCount, type Weights } from '@dlcmp/contract';
import type { Network } from '../layers/sequential';
import { GraphBuilder } from '../onnx/graph-builder';
import { pixelInput } from './pixel-input';

/** Name of the scores before softmax, [batch × classes]. */
export const LOGITS = 'logits';

/** Name of the class probabilities, [batch × classes]. */
export const PROBABILITIES = 'probabilities';

/** Name of the input that takes the place of pixels where other code precedes the graph. */
export const HIDDEN = 'hidden';

/** What an inference model can answer with. */
export type InferenceOutput = typeof LOGITS | typeof PROBABILITIES;

/**
 * An ONNX model that classifies `pixels`, with the weights as constants: ONNX Runtime lays them out
 * anew for its kernels, which takes a third off the time.
 *
 * @param outputs what it puts out
 * @param metadata written into the file
 * @param input what goes in: images as `pixels`, or `hidden` of the network's input shape. Default `pixels`.
 */
export function buildInferenceModel(
  network: Network,
  weights: Weights,
  outputs: readonly InferenceOutput[],
  metadata: Readonly<Record<string, string>> = {},
  input: 'pixels' | 'hidden' = 'pixels',
): Uint8Array {
  const graph = new GraphBuilder();
  for (const [name, { shape, data }] of Object.entries(weights)) {
    graph.initializer(name, shape, data);
  }
  const first =
    input === 'pixels'
      ? pixelInput(graph, network.inputShape)
      : graph.input(HIDDEN, 'float32', ['batch', ...network.inputShape]);
  const logits = network.apply(graph, first, false).output;
  const shape = ['batch', elementCount(network.outputShape)];
  if (outputs.includes(LOGITS)) graph.output(LOGITS, logits, 'float32', shape);
  if (outputs.includes(PROBABILITIES)) {
    graph.output(PROBABILITIES, graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  }
  return graph.encode('inference', metadata);
}
