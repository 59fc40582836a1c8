import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamState, AdamStep } from '../backend';
import { FLOAT, type Heap } from './heap';
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
  const addresses = [weight, firstMoment, secondMoment, gradient].map(heap.address);
  heap.pool.run(
    'adam',
    split(weight.size, heap.pool.threads, VECTOR).map(({ start, size }) => [
      ...addresses.map((address) => address + start * FLOAT),
      ...[size, beta1, beta2, stepSize, rootScale, epsilon],
    ]),
  );
}
