import type { Parameter, ReferenceNode, Values } from '../reference-node';
import type { ImageShape } from '../window-rows';

/**
 *     x̂ = (x - mean) / √(variance + ε),   y = γ · x̂ + β
 *     ∂β = Σ ∂y,   ∂γ = Σ ∂y · x̂,   ∂x = γ / √(variance + ε) · (∂y - ∂β/n - x̂ · ∂γ/n)
 *
 * with the batch's mean and variance of a channel's n values in training, the running ones in inference;
 * running ← (1 - momentum) · running + momentum · batch, where the variance is the unbiased one.
 *
 * Source: Ioffe and Szegedy 2015, "Batch normalization", algorithm 1.
 */
export const batchNorm: ReferenceNode = (node, [input], { size, training, parameter, state }) => {
  const x = input as Values;
  const [channels, height, width] = node.inputShapes[0] as ImageShape;
  const area = height * width;
  const [weight, bias] = [parameter('weight') as Parameter, parameter('bias') as Parameter];
  const { epsilon, momentum } = node.options as { epsilon: number; momentum: number };
  const [means, variances] = [state('running_mean'), state('running_var')];
  const count = size * area;
  const forChannel = (channel: number, use: (at: number) => void) => {
    for (let image = 0; image < size; image++) {
      const start = (image * channels + channel) * area;
      for (let at = start; at < start + area; at++) use(at);
    }
  };
  const normalised = new Float64Array(x.length);
  const output = new Float64Array(x.length);
  const deviations = new Float64Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let [mean, variance] = [means[channel] as number, variances[channel] as number];
    if (training) {
      let sum = 0;
      forChannel(channel, (at) => {
        sum += x[at] as number;
      });
      mean = sum / count;
      let squares = 0;
      forChannel(channel, (at) => {
        squares += ((x[at] as number) - mean) ** 2;
      });
      variance = squares / count;
      const unbiased = squares / Math.max(count - 1, 1);
      means[channel] = (1 - momentum) * (means[channel] as number) + momentum * mean;
      variances[channel] = (1 - momentum) * (variances[channel] as number) + momentum * unbiased;
    }
    const deviation = Math.sqrt(variance + epsilon);
    deviations[channel] = deviation;
    forChannel(channel, (at) => {
      const value = ((x[at] as number) - mean) / deviation;
      normalised[at] = value;
      output[at] = (weight.value[channel] as number) * value + (bias.value[channel] as number);
    });
  }
  return {
    output,
    backward(gradient) {
      const inputGradient = new Float64Array(x.length);
      for (let channel = 0; channel < channels; channel++) {
        let [sum, along] = [0, 0];
        forChannel(channel, (at) => {
          sum += gradient[at] as number;
          along += (gradient[at] as number) * (normalised[at] as number);
        });
        (bias.gradient[channel] as number) += sum;
        (weight.gradient[channel] as number) += along;
        const scale = (weight.value[channel] as number) / (deviations[channel] as number);
        forChannel(channel, (at) => {
          inputGradient[at] =
            scale *
            ((gradient[at] as number) - sum / count - ((normalised[at] as number) * along) / count);
        });
      }
      return [inputGradient];
    },
  };
};
