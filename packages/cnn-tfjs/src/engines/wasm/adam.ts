import type { AdamFactors } from '@dlcmp/contract';
import { kernelCalls } from '@dlcmp/kernels';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamState } from '../runtime';
import type { Heap } from './heap';
import { split } from './split';

/** Floats that a vector instruction takes. */
const VECTOR = 4;

/** One step of Adam or AdamW, in place and in one pass over memory. */
export function applyAdam(
  heap: Heap,
  { weight, firstMoment, secondMoment }: AdamState,
  gradient: Tensor,
  factors: AdamFactors,
): void {
  const addresses = {
    weights: heap.address(weight),
    gradients: heap.address(gradient),
    firstMoment: heap.address(firstMoment),
    secondMoment: heap.address(secondMoment),
  };
  heap.run(
    split(weight.size, heap.threads, VECTOR).map(({ start, size }) =>
      kernelCalls.adam({
        ...{ ...addresses, first: start, last: start + size },
        ...{ ...factors, gradientScale: 1 },
      }),
    ),
  );
}
