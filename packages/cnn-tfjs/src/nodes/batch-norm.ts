import { assertArgument, type ResolvedNode } from '@dlcmp/contract';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { AppliedOperation, Operation, OperationContext } from '../network/operation';

/** A channel's factor and offset, and the statistics that inference goes by. */
interface Parameters {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Each channel with mean 0 and variance 1, times its weight γ plus its bias β. In training by the statistics of the batch
 * (variance over M values, M = count · height · width), in inference by the running ones, which take in each batch's mean
 * and its variance over M - 1, as PyTorch has it:
 *
 *     x̂ = (x - mean) / √(variance + ε),   y = γ x̂ + β
 *     ∂β = Σ ∂y,   ∂γ = Σ ∂y x̂,   ∂x = γ / √(variance + ε) · (∂y - ∂β/M - x̂ ∂γ/M)
 *     running ← (1 - momentum) · running + momentum · batch's
 *
 * Source: Ioffe and Szegedy 2015, "Batch normalization: accelerating deep network training by reducing internal covariate
 * shift"; https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export function batchNorm({ name, options }: ResolvedNode): Operation {
  const { epsilon, momentum } = options as { epsilon: number; momentum: number };
  return ([x], context) => {
    const parameters = parametersOf(name, context);
    return context.masks
      ? trainByBatch(name, x as Tensor, parameters, context, { epsilon, momentum })
      : inferByState(x as Tensor4D, parameters, context, epsilon);
  };
}

function parametersOf(name: string, { weights }: OperationContext): Parameters {
  const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => weights[`${name}.${part}`],
  ) as [Tensor, Tensor, Tensor, Tensor];
  return { weight, bias, mean, variance };
}

function inferByState(
  x: Tensor4D,
  { weight, bias, mean, variance }: Parameters,
  { tf }: OperationContext,
  epsilon: number,
): AppliedOperation {
  const parameters = [mean, variance, bias, weight] as [never, never, never, never];
  return {
    output: tf.batchNorm(x, ...parameters, epsilon),
    backward: () => {
      throw new Error('Batch norm has gradients in training only.');
    },
  };
}

function trainByBatch(
  name: string,
  input: Tensor,
  { weight, bias, mean: runningMean, variance: runningVariance }: Parameters,
  { tf }: OperationContext,
  { epsilon, momentum }: { epsilon: number; momentum: number },
): AppliedOperation {
  const channels = weight.size;
  const values = input.size / channels;
  assertArgument(
    values > 1,
    `batchNorm "${name}" needs more than one value of each channel in training, and a batch of one image has one here. Choose a batchSize that leaves no single image over, or larger images.`,
  );
  const x = tf.reshape(input, [values, channels]);
  const mean = tf.mean(x, 0);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), 0);
  const scale = tf.rsqrt(tf.add(variance, epsilon));
  const normalised = tf.mul(centred, scale);
  const average = (running: Tensor, batch: Tensor) =>
    tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
  return {
    output: tf.reshape(tf.add(tf.mul(normalised, weight), bias), input.shape),
    state: {
      [`${name}.running_mean`]: average(runningMean, mean),
      [`${name}.running_var`]: average(runningVariance, tf.mul(variance, values / (values - 1))),
    },
    backward: (outputGradient) => {
      const dy = tf.reshape(outputGradient, [values, channels]);
      const biasGradient = tf.sum(dy, 0);
      const weightGradient = tf.sum(tf.mul(dy, normalised), 0);
      return {
        weights: { [`${name}.weight`]: weightGradient, [`${name}.bias`]: biasGradient },
        inputs: [
          () => {
            const common = tf.add(
              tf.div(biasGradient, values),
              tf.mul(normalised, tf.div(weightGradient, values)),
            );
            const gradient = tf.mul(tf.sub(dy, common), tf.mul(weight, scale));
            return tf.reshape(gradient, input.shape);
          },
        ],
      };
    },
  };
}
