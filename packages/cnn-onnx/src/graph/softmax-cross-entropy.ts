import type { GraphBuilder, Value } from '../onnx/graph-builder';

/** What {@link softmaxCrossEntropy} takes. */
export interface ClassScores {
  /** [batch × classCount] float32 */
  readonly logits: Value;
  /** [batch] int32 */
  readonly labels: Value;
  /** A float32 scalar. */
  readonly batchSize: Value;
}

/**
 * Mean cross-entropy of a batch, with softmax inside so that large scores don't overflow:
 *
 *     target[n,k] = (1 - ε) · onehot(label[n])[k] + ε / classCount
 *     loss = -1/N Σ_{n,k} target[n,k] · log softmax(logits[n])[k]
 *     ∂logits = (softmax(logits) - target) / N
 *
 * By operators that CPUs and GPUs have, which SoftmaxCrossEntropyLoss and LogSoftmax are not.
 *
 * Source: Bishop 2006, "Pattern recognition and machine learning", equation 4.109; Szegedy et al. 2016, "Rethinking the
 * Inception architecture", section 7 (ε).
 *
 * @param labelSmoothing ε, 0 ≤ ε < 1
 * @returns the loss, a scalar, and the gradient of the logits
 */
export function softmaxCrossEntropy(
  graph: GraphBuilder,
  { logits, labels, batchSize }: ClassScores,
  classCount: number,
  labelSmoothing: number,
): { loss: Value; gradient: Value } {
  const logProbabilities = logSoftmax(graph, logits);
  const target = smoothTarget(graph, labels, classCount, labelSmoothing);
  const products = graph.node('Mul', [target, logProbabilities]);
  const sum = graph.node('ReduceSum', [products], { keepdims: 0 });
  const error = graph.node('Sub', [graph.node('Exp', [logProbabilities]), target]);
  return {
    loss: graph.node('Neg', [graph.node('Div', [sum, batchSize])]),
    gradient: graph.node('Div', [error, batchSize]),
  };
}

/** z - max(z) - log Σ exp(z - max(z)), row by row. */
function logSoftmax(graph: GraphBuilder, logits: Value): Value {
  const largest = graph.node('ReduceMax', [logits], { axes: [1] });
  const difference = graph.node('Sub', [logits, largest]);
  const total = graph.node('ReduceSum', [graph.node('Exp', [difference]), graph.integers(1)]);
  return graph.node('Sub', [difference, graph.node('Log', [total])]);
}

function smoothTarget(
  graph: GraphBuilder,
  labels: Value,
  classCount: number,
  labelSmoothing: number,
): Value {
  const classes = Int32Array.from({ length: classCount }, (_, index) => index);
  const column = graph.node('Unsqueeze', [labels, graph.integers(1)]);
  const hits = graph.node('Equal', [column, graph.indices(classes, [classCount])]);
  const oneHot = graph.cast(hits, 'float32');
  if (labelSmoothing === 0) return oneHot;
  const sharp = graph.node('Mul', [oneHot, graph.float(1 - labelSmoothing)]);
  return graph.node('Add', [sharp, graph.float(labelSmoothing / classCount)]);
}
