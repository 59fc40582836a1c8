import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamState, AdamStep } from '../backend';
import type { Heap } from './heap';
import { split } from './split';

/** Floats that a vector instruction takes. */
const VECTOR = 4;

/** One step of Adam, in place and in one pass over memory. */
export function applyAdam(
  heap: Heap,
  { weight, firstMoment, secondMoment }: AdamState,
  gradient: Tensor,
  { beta1, beta2, stepSize, rootScale, epsilon }: AdamStep,
): void {
  const addresses = [weight, gradient, firstMoment, secondMoment].map(heap.address);
  heap.run(
    'adam',
    split(weight.size, heap.threads, VECTOR).map(({ start, size }) => [
      ...addresses,
      ...[start, start + size, beta1, beta2, stepSize, rootScale, epsilon],
    ]),
  );
}
