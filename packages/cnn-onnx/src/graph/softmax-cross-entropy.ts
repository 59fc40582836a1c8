import { assertArgument } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';

export interface LossOptions {
  /**
   * Share ε of the target that is spread evenly over all classes, 0 ≤ ε < 1. Default 0.
   *
   * Source: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
   */
  readonly labelSmoothing?: number;
}

/**
 * Mean cross-entropy of a batch, with softmax inside so that large scores don't overflow:
 *
 *     target[n,k] = (1 - ε) · onehot(label[n])[k] + ε / classCount
 *     loss = -1/N Σ_{n,k} target[n,k] · log softmax(logits[n])[k]
 *     ∂logits = (softmax(logits) - target) / N
 *
 * Source: https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html; Bishop 2006,
 * "Pattern recognition and machine learning", equation 4.109;
 * https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html (`label_smoothing`).
 *
 * @param logits [batch × classCount] float32
 * @param labels [batch] int32
 * @returns the loss, a scalar, and the gradient of the logits
 * @throws `INVALID_ARGUMENT`
 */
export function softmaxCrossEntropy(
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  classCount: number,
  options: LossOptions = {},
): { loss: Value; gradient: Value } {
  const smoothing = resolveLabelSmoothing(options);
  const [hardLoss, logProbabilities] = graph.nodeWithOutputs(2, 'SoftmaxCrossEntropyLoss', [
    logits,
    labels,
  ]) as [Value, Value];
  const elsewhere = smoothing / classCount;
  const target = graph.node('OneHot', [
    graph.cast(labels, 'int64'),
    graph.integers(classCount),
    graph.float([elsewhere, elsewhere + 1 - smoothing], [2]),
  ]);
  const error = graph.node('Sub', [graph.node('Exp', [logProbabilities]), target]);
  const batchSize = graph.cast(graph.node('Size', [labels]), 'float32');
  return {
    loss: smoothing === 0 ? hardLoss : smoothLoss(graph, logProbabilities, target, batchSize),
    gradient: graph.node('Div', [error, batchSize]),
  };
}

/** The label smoothing in force, checked. */
export function resolveLabelSmoothing({ labelSmoothing = 0 }: LossOptions): number {
  assertArgument(
    labelSmoothing >= 0 && labelSmoothing < 1,
    `labelSmoothing must be at least 0 and below 1, not ${labelSmoothing}.`,
  );
  return labelSmoothing;
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
