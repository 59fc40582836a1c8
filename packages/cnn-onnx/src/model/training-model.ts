import type { Network } from '../layers/sequential';
import { softmaxCrossEntropy } from '../layers/softmax-cross-entropy';
import { GraphBuilder } from '../onnx/graph-builder';
import { pixelInput } from './pixel-input';

/** Name of the graph's class input, [batch] int32. */
export const LABELS = 'labels';

/** Name of the graph's loss output, a scalar. */
export const LOSS = 'loss';

/** Name of the output that holds the gradient of `weight`. */
export function gradientName(weight: string): string {
  return `${weight}.gradient`;
}

/**
 * An ONNX model that computes a batch's mean cross-entropy and its gradient with respect to every
 * weight. Inputs: `pixels`, `labels`, the masks of dropout layers, and the weights by their names.
 * Outputs: `loss` and a gradient for each weight.
 */
export function buildTrainingModel(network: Network): Uint8Array {
  const graph = new GraphBuilder();
  const weights = Object.entries(network.weightShapes);
  for (const [name, shape] of weights) graph.input(name, 'float32', shape);
  const { output, backward } = network.apply(graph, pixelInput(graph, network.inputShape), true);
  const labels = graph.input(LABELS, 'int32', ['batch']);
  const [classCount] = network.outputShape as [number];
  const { loss, gradient } = softmaxCrossEntropy(graph, output, labels, classCount);
  graph.output(LOSS, loss, 'float32', []);
  const gradients = backward(gradient);
  for (const [name, shape] of weights) {
    graph.output(gradientName(name), gradients[name] as string, 'float32', shape);
  }
  return graph.encode('training');
}
