import type { Layer } from './layer';

/** y = max(0, x); ∂x = ∂y where x > 0, else 0. */
export function createRelu(): Layer {
  let latest: Float64Array = new Float64Array();
  return {
    forward(input) {
      latest = input;
      return input.map((value) => Math.max(0, value));
    },
    backward: (outputGradient) =>
      outputGradient.map((gradient, at) => ((latest[at] as number) > 0 ? gradient : 0)),
  };
}
