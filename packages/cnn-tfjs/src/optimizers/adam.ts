import { adamFactors, type OptimizerSpec } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Scalar, TensorRule } from './tensor-rule';

type AdamSpec = OptimizerSpec & { readonly kind: 'adam' | 'adamW' };

/**
 * Adam and AdamW by the contract's `adamFactors`: epsilon is added to the bias-corrected root of the second moment, as
 * PyTorch has it, whereas `tf.train.adam` adds it to the root as such.
 */
export function adamRule(spec: AdamSpec): TensorRule {
  const { meanDecay, varianceDecay, epsilon, gradientDecay } = adamFactors(1, 0, spec);
  return {
    moments: ['mean', 'variance'],
    scalars(step, learningRate) {
      const { stepSize, rootScale, shrink } = adamFactors(step, learningRate, spec);
      return [stepSize, rootScale, shrink];
    },
    update(tf, { weight, moments }, gradient, scalars) {
      const [mean, variance] = moments as [Tensor, Tensor];
      const [stepSize, rootScale, shrink] = scalars as [Scalar, Scalar, Scalar];
      const average = (moment: Tensor, value: Tensor, decay: number) =>
        tf.add(tf.mul(moment, decay), tf.mul(value, 1 - decay));
      const g = gradientDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, gradientDecay));
      const newMean = average(mean, g, meanDecay);
      const newVariance = average(variance, tf.square(g), varianceDecay);
      const root = tf.add(tf.mul(tf.sqrt(newVariance), rootScale), epsilon);
      const kept = spec.kind === 'adamW' ? tf.mul(weight, shrink) : weight;
      return {
        weight: tf.sub(kept, tf.div(tf.mul(newMean, stepSize), root)),
        moments: [newMean, newVariance],
      };
    },
  };
}

/** Whether `spec` is Adam without weight decay, for which engines have a kernel. */
export function isPlainAdam(spec: OptimizerSpec): spec is AdamSpec {
  return spec.kind === 'adam' && spec.weightDecay === 0;
}
