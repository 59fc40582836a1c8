import type { OptimizerSpec } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Scalar, TensorRule } from './tensor-rule';

/**
 *     g ← gradient + weightDecay · w
 *     momentum ← μ · momentum + g
 *     w ← w - α · momentum            (Nesterov: w - α · (g + μ · momentum))
 *
 * Source: https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export function sgdRule(spec: OptimizerSpec & { readonly kind: 'sgd' }): TensorRule {
  const { momentum: decay, nesterov, weightDecay } = spec;
  return {
    moments: decay > 0 ? ['momentum'] : [],
    scalars: (_step, learningRate) => [learningRate],
    update(tf, { weight, moments: [momentum] }, gradient, scalars) {
      const [learningRate] = scalars as [Scalar];
      const moved = (direction: Tensor) => tf.sub(weight, tf.mul(direction, learningRate));
      const g = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
      if (!momentum) return { weight: moved(g), moments: [] };
      const velocity = tf.add(tf.mul(momentum, decay), g);
      const direction = nesterov ? tf.add(g, tf.mul(velocity, decay)) : velocity;
      return { weight: moved(direction), moments: [velocity] };
    },
  };
}
