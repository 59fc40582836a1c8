import type { Layer } from './layer';

/** Dropout whose mask is given from outside. */
export interface Dropout extends Layer {
  /** Units to keep in the next passes, 1 = keep; `undefined` switches dropout off. */
  keep: Uint8Array | undefined;
}

/**
 * Inverted dropout: a kept unit is scaled by 1/(1 - rate), so that nothing is scaled when it is off
 * (Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting").
 */
export function createDropout(rate: number): Dropout {
  const apply = (values: Float64Array): Float64Array => {
    const { keep } = dropout;
    return keep ? values.map((value, at) => (keep[at] ? value / (1 - rate) : 0)) : values;
  };
  const dropout: Dropout = { keep: undefined, forward: apply, backward: apply };
  return dropout;
}
