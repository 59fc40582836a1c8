import type { GraphBuilder, Value } from '../onnx/graph-builder';

/**
 * Mean cross-entropy of a batch, with softmax inside so that large scores don't overflow:
 *
 *     loss = -1/N Σ_n log softmax(logits[n])[label[n]]
 *     ∂logits[n] = (softmax(logits[n]) - onehot(label[n])) / N
 *
 * Source: https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html; Bishop 2006,
 * "Pattern recognition and machine learning", equation 4.109.
 *
 * @param logits [batch × classCount] float32
 * @param labels [batch] int32
 * @returns the loss, a scalar, and the gradient of the logits
 */
export function softmaxCrossEntropy(
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  classCount: number,
): { loss: Value; gradient: Value } {
  const [loss, logProbabilities] = graph.nodeWithOutputs(2, 'SoftmaxCrossEntropyLoss', [
    logits,
    labels,
  ]) as [Value, Value];
  const oneHot = graph.node('OneHot', [
    graph.cast(labels, 'int64'),
    graph.integers(classCount),
    graph.float([0, 1], [2]),
  ]);
  const error = graph.node('Sub', [graph.node('Exp', [logProbabilities]), oneHot]);
  const batchSize = graph.cast(graph.node('Size', [labels]), 'float32');
  return { loss, gradient: graph.node('Div', [error, batchSize]) };
}
