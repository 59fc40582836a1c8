import type { AdamNumbers } from '@dlcmp/tensorflow/engine';
import type { AdamStep } from '../backend';

/** TensorFlow adds epsilon to the root as such, PyTorch to the corrected root: so it is divided by the root's correction. */
export function adamNumbers({ beta1, beta2, stepSize, rootScale, epsilon }: AdamStep): AdamNumbers {
  return { rate: stepSize / rootScale, beta1, beta2, epsilon: epsilon / rootScale };
}
