import type { Layer, Parameter } from './layer';

/**
 * y[o] = b[o] + Σ(i) w[o, i] · x[i]; ∂w[o, i] = ∂y[o] · x[i]; ∂x[i] = Σ(o) w[o, i] · ∂y[o].
 *
 * @param weight [outputs × inputs]
 * @param bias [outputs]
 */
export function createDense(weight: Parameter, bias: Parameter): Layer {
  const inputs = weight.value.length / bias.value.length;
  let latest: Float64Array = new Float64Array();

  return {
    forward(input) {
      latest = input;
      return bias.value.map((start, o) =>
        input.reduce(
          (sum, value, i) => sum + (weight.value[o * inputs + i] as number) * value,
          start,
        ),
      );
    },

    backward(outputGradient) {
      const inputGradient = new Float64Array(inputs);
      outputGradient.forEach((gradient, o) => {
        (bias.gradient[o] as number) += gradient;
        for (let i = 0; i < inputs; i++) {
          const at = o * inputs + i;
          (weight.gradient[at] as number) += gradient * (latest[i] as number);
          (inputGradient[i] as number) += gradient * (weight.value[at] as number);
        }
      });
      return inputGradient;
    },
  };
}
