import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** Mean cross-entropy of a batch and its gradient with respect to the logits. */
export interface AppliedLoss {
  /** A scalar. */
  readonly loss: Tensor;
  backward(): Tensor;
}

/**
 * Mean cross-entropy of softmax(logits) against the targets:
 *
 *     L = -1/N · Σ_n Σ_k target[n,k] log softmax(z[n])[k],   ∂z = (softmax(z) - target) / N
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 *
 * @param logits [count × classes]
 * @param targets [count × classes], each row summing to 1
 */
export function softmaxCrossEntropy(
  tf: TensorFlow,
  logits: Tensor2D,
  targets: Tensor2D,
): AppliedLoss {
  const [count] = logits.shape;
  const logProbabilities = tf.logSoftmax(logits);
  return {
    loss: tf.div(tf.sum(tf.mul(targets, logProbabilities)), -count),
    backward: () => tf.div(tf.sub(tf.exp(logProbabilities), targets), count),
  };
}

/**
 * Targets of `labels`, [count × classes]: 1 - smoothing on the label, and smoothing spread evenly over all classes.
 *
 * Source: Szegedy et al. 2016, "Rethinking the inception architecture for computer vision", section 7.
 */
export function classTargets(
  labels: Int32Array,
  classCount: number,
  smoothing: number,
): Float32Array {
  const targets = new Float32Array(labels.length * classCount).fill(smoothing / classCount);
  labels.forEach((label, index) => {
    targets[index * classCount + label] = 1 - smoothing + smoothing / classCount;
  });
  return targets;
}
