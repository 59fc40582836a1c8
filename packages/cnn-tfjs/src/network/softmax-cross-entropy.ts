import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** Mean cross-entropy of a batch and its gradient with respect to the logits. */
export interface AppliedLoss {
  /** A scalar. */
  readonly loss: Tensor;
  backward(): Tensor;
}

/**
 * Mean cross-entropy of softmax(logits) against the labels:
 *
 *     L = -1/N · Σ_n log softmax(z[n])[label n],   ∂z = (softmax(z) - onehot) / N
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 *
 * @param logits [count × classes]
 */
export function softmaxCrossEntropy(
  tf: TensorFlow,
  logits: Tensor2D,
  labels: Int32Array,
): AppliedLoss {
  const target = tf.oneHot(tf.tensor1d(labels, 'int32'), logits.shape[1]) as Tensor2D;
  return crossEntropy(tf, logits, target);
}

/** {@link softmaxCrossEntropy} against one-hot rows. */
export function crossEntropy(tf: TensorFlow, logits: Tensor2D, target: Tensor2D): AppliedLoss {
  const [count] = logits.shape;
  const logProbabilities = tf.logSoftmax(logits);
  return {
    loss: tf.div(tf.sum(tf.mul(target, logProbabilities)), -count),
    backward: () => tf.div(tf.sub(tf.exp(logProbabilities), target), count),
  };
}
