import type { Weights } from '@dlcmp/contract';
import { applyNetwork } from '../graph/apply-network';
import { softmaxCrossEntropy } from '../graph/softmax-cross-entropy';
import { gradientName, LABELS, LOSS } from '../graph/value-names';
import { GraphBuilder } from '../onnx/graph-builder';
import type { Tail } from './split-network';

/** Name of the input that takes the front's values, [batch × units]. */
export const FEATURES = 'features';

/**
 * An ONNX model of the loss of a network's tail, and its gradients of `features` and of every weight. Inputs: `features`,
 * `labels`, masks and weights by their names.
 */
export function buildTailTraining(tail: Tail, labelSmoothing: number): Uint8Array {
  const graph = new GraphBuilder();
  for (const [name, shape] of Object.entries(tail.weightShapes))
    graph.input(name, 'float32', shape);
  const shape = ['batch', tail.units];
  const applied = applyNetwork(graph, tail.part, graph.input(FEATURES, 'float32', shape), true);
  const labels = graph.input(LABELS, 'int32', ['batch']);
  const { classCount } = tail;
  const error = softmaxCrossEntropy(graph, applied.output, labels, classCount, labelSmoothing);
  const { weights, input } = applied.backward(error.gradient, true);
  graph.output(LOSS, error.loss, 'float32', []);
  graph.output(gradientName(FEATURES), input as string, 'float32', shape);
  for (const [name, { gradient }] of Object.entries(weights)) {
    graph.output(gradientName(name), gradient, 'float32', tail.weightShapes[name] ?? []);
  }
  return graph.encode('tail-training');
}

/** An ONNX model from `features` to `logits` and `probabilities`, with the tail's weights as constants. */
export function buildTailInference(tail: Tail, weights: Weights): Uint8Array {
  const graph = new GraphBuilder();
  for (const name of Object.keys(tail.weightShapes)) {
    const { shape, data } = weights[name] as Weights[string];
    graph.initializer(name, shape, data);
  }
  const input = graph.input(FEATURES, 'float32', ['batch', tail.units]);
  const logits = applyNetwork(graph, tail.part, input, false).output;
  const shape = ['batch', tail.classCount];
  graph.output('logits', logits, 'float32', shape);
  graph.output('probabilities', graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  return graph.encode('tail-inference');
}
