import type { Network } from '../layers/sequential';
import { type LossOptions, softmaxCrossEntropy } from '../layers/softmax-cross-entropy';
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

/** Name of the output that replaces the `state` of that name. */
export function nextStateName(state: string): string {
  return `${state}.next`;
}

/** Name of the input that takes the place of pixels where blocks precede the graph. */
export const FEATURES = 'features';

/** What a training graph is made for. */
export interface TrainingModelOptions extends LossOptions {
  /**
   * What goes into the network: images as `pixels`, or `features` of its input's shape, whose gradient
   * is then an output as well. Default `pixels`.
   */
  readonly input?: 'pixels' | 'features';
}

/**
 * An ONNX model that computes a batch's mean cross-entropy and its gradient with respect to every
 * weight. Inputs: `pixels`, `labels`, the masks of dropout layers, and weights and state by their
 * names. Outputs: `loss`, a gradient for each weight, and what replaces each state.
 */
export function buildTrainingModel(
  network: Network,
  { input = 'pixels', ...loss }: TrainingModelOptions = {},
): Uint8Array {
  const graph = new GraphBuilder();
  const weights = Object.entries(network.weightShapes);
  const states = Object.entries(network.stateShapes);
  for (const [name, shape] of [...weights, ...states]) graph.input(name, 'float32', shape);
  const featureShape = ['batch', ...network.inputShape];
  const first =
    input === 'pixels'
      ? pixelInput(graph, network.inputShape)
      : graph.input(FEATURES, 'float32', featureShape);
  const applied = network.apply(graph, first, true);
  const labels = graph.input(LABELS, 'int32', ['batch']);
  const [classCount] = network.outputShape as [number];
  const error = softmaxCrossEntropy(graph, applied.output, labels, classCount, loss);
  graph.output(LOSS, error.loss, 'float32', []);
  const gradients = applied.backward(error.gradient);
  for (const [name, shape] of weights) {
    graph.output(gradientName(name), gradients.weights[name] as string, 'float32', shape);
  }
  if (input === 'features') {
    graph.output(gradientName(FEATURES), gradients.input(), 'float32', featureShape);
  }
  for (const [name, shape] of states) {
    graph.output(nextStateName(name), applied.nextState[name] as string, 'float32', shape);
  }
  return graph.encode('training');
}
