import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import { reluGradient } from './backend-kernels';

/**
 * Rectifier: y = max(x, 0), ∂x = ∂y where y > 0, else 0 (also at 0, as PyTorch has it).
 *
 * Source: Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
 */
export function relu(): Operation {
  return ([x], { tf }) => {
    const output = tf.relu(x as Tensor);
    return { output, backward: (dy) => ({ inputs: [() => reluGradient(tf, dy, output)] }) };
  };
}
