import type { WeightTensor } from '../weights';

/** Keeps the scale finite where all gradients are 0, as PyTorch's `clip_grad_norm_` does. */
const NORM_EPSILON = 1e-6;

/** Root of the sum of squares over all of `gradients`. */
export function globalNorm(
  gradients: Readonly<Record<string, Pick<WeightTensor, 'data'>>>,
): number {
  let sum = 0;
  for (const { data } of Object.values(gradients)) {
    for (let i = 0; i < data.length; i++) sum += (data[i] as number) ** 2;
  }
  return Math.sqrt(sum);
}

/**
 * What gradients of global norm `norm` are to be multiplied by so that it is at most `maximumNorm`.
 *
 * Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural
 * networks", algorithm 1.
 */
export function clippingScale(norm: number, maximumNorm: number): number {
  return Math.min(1, maximumNorm / (norm + NORM_EPSILON));
}
