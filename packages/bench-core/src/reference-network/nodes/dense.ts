import { addProducts } from '../matrix-products';
import type { Parameter, ReferenceNode, Values } from '../reference-node';

/** y = W x + b;  ∂W = Σ ∂y xᵀ,  ∂b = Σ ∂y,  ∂x = Wᵀ ∂y */
export const dense: ReferenceNode = (node, [input], { size, parameter }) => {
  const x = input as Values;
  const weight = parameter('weight') as Parameter;
  const bias = parameter('bias');
  const [units] = node.outputShape as [number];
  const [inputs] = node.inputShapes[0] as [number];
  const output = new Float64Array(size * units);
  if (bias) for (let image = 0; image < size; image++) output.set(bias.value, image * units);
  addProducts(x, weight.value, output, { rows: size, columns: units, depth: inputs });
  return {
    output,
    backward(gradient) {
      const inputGradient = new Float64Array(x.length);
      gradient.forEach((value, at) => {
        const [image, unit] = [Math.floor(at / units), at % units];
        if (bias) (bias.gradient[unit] as number) += value;
        for (let i = 0; i < inputs; i++) {
          (weight.gradient[unit * inputs + i] as number) +=
            value * (x[image * inputs + i] as number);
          (inputGradient[image * inputs + i] as number) +=
            value * (weight.value[unit * inputs + i] as number);
        }
      });
      return [inputGradient];
    },
  };
};

/** In training y = x · keep / (1 - rate), else y = x. */
export const dropout: ReferenceNode = ({ options }, [input], { training, mask }) => {
  const x = input as Values;
  const factor = 1 / (1 - (options.rate as number));
  const scale = (values: Values) =>
    training && mask ? values.map((value, at) => value * (mask[at] as number) * factor) : values;
  return { output: scale(x), backward: (gradient) => [scale(gradient)] };
};

/** To one axis: values lie in channel, height, width order already. */
export const flatten: ReferenceNode = (_, [input]) => ({
  output: input as Values,
  backward: (gradient) => [gradient],
});
