import type { Layer } from '../network/operation';
import { reluGradient } from './backend-kernels';

/**
 * Rectifier: y = max(x, 0), ∂x = ∂y where y > 0, else 0 (also at 0, as PyTorch has it).
 *
 * Source: Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
 */
export function relu(): Layer {
  return (input, { tf }) => {
    const output = tf.relu(input);
    return {
      output,
      backward: (dy) => ({ weights: {}, input: () => reluGradient(tf, dy, output) }),
    };
  };
}
