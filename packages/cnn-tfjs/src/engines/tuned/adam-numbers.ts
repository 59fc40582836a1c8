import { plainRootFactors } from '@dlcmp/contract';
import type { AdamNumbers } from '@dlcmp/tensorflow/engine';
import type { AdamStep } from '../runtime';

/** TensorFlow adds epsilon to the root as such, PyTorch to the corrected root. */
export function adamNumbers(step: AdamStep): AdamNumbers {
  return { ...plainRootFactors(step), beta1: step.meanDecay, beta2: step.varianceDecay };
}
