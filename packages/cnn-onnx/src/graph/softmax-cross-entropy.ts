import type { GraphBuilder, Value } from '../onnx/graph-builder';

/**
 * Mean cross-entropy of a batch, with softmax inside so that large scores don't overflow:
 *
 *     target[n,k] = (1 - ε) · onehot(label[n])[k] + ε / classCount
 *     loss = -1/N Σ_{n,k} target[n,k] · log softmax(logits[n])[k]
 *     ∂logits = (softmax(logits) - target) / N
 *
 * Source: https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html; Bishop 2006, "Pattern recognition and machine
 * learning", equation 4.109; Szegedy et al. 2016, "Rethinking the Inception architecture", section 7 (ε).
 *
 * @param logits [batch × classCount] float32
 * @param labels [batch] int32
 * @param labelSmoothing ε, 0 ≤ ε < 1
 * @returns the loss, a scalar, and the gradient of the logits
 */
export function softmaxCrossEntropy(
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  classCount: number,
  labelSmoothing: number,
): { loss: Value; gradient: Value } {
  const [hardLoss, logProbabilities] = graph.nodeWithOutputs(2, 'SoftmaxCrossEntropyLoss', [
    logits,
    labels,
  ]) as [Value, Value];
  const elsewhere = labelSmoothing / classCount;
  const target = graph.node('OneHot', [
    graph.cast(labels, 'int64'),
    graph.integers(classCount),
    graph.float([elsewhere, elsewhere + 1 - labelSmoothing], [2]),
  ]);
  const error = graph.node('Sub', [graph.node('Exp', [logProbabilities]), target]);
  const batchSize = graph.cast(graph.node('Size', [labels]), 'float32');
  return {
    loss: labelSmoothing === 0 ? hardLoss : smoothLoss(graph, logProbabilities, target, batchSize),
    gradient: graph.node('Div', [error, batchSize]),
  };
}

function smoothLoss(
  graph: GraphBuilder,
  logProbabilities: Value,
  target: Value,
  batchSize: Value,
): Value {
  const products = graph.node('Mul', [target, logProbabilities]);
  const sum = graph.node('ReduceSum', [products], { keepdims: 0 });
  return graph.node('Neg', [graph.node('Div', [sum, batchSize])]);
}
