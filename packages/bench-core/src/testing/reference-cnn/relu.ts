import type { Layer } from './layer';

/** y = max(0, x); ∂x = ∂y where x > 0, else 0. */
export function createRelu(): Layer {
  let latest: Float64Array = new Float64Array();
  return {
    forward(input) {
      latest = input;
      return keepWherePositive(input, input);
    },
    backward: (outputGradient) => keepWherePositive(outputGradient, latest),
  };
}

function keepWherePositive(values: Float64Array, decisive: Float64Array): Float64Array {
  return values.map((value, at) => ((decisive[at] as number) > 0 ? value : 0));
}
