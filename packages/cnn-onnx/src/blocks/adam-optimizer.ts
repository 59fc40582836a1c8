import type { AdamFactors } from '@dlcmp/contract';
import {
  type HeapArray,
  type KernelCall,
  type KernelPool,
  kernelCalls,
  type SharedHeap,
} from '@dlcmp/kernels';
import type { HeapWeights } from './block-sizes';

/** Arrays of fewer values are updated by one thread. */
const LEAST_SHARED = 4096;

interface Parameter {
  readonly name: string;
  readonly weight: HeapArray;
  readonly gradient: HeapArray;
  readonly mean: HeapArray;
  readonly variance: HeapArray;
}

/** Adam's moments for a set of weights: one pass over memory a step, on all threads. */
export class AdamOptimizer {
  readonly #pool: KernelPool;
  readonly #parameters: readonly Parameter[];

  /** @param weights updated in place from `gradients`, array by array of the same name */
  constructor(pool: KernelPool, heap: SharedHeap, weights: HeapWeights, gradients: HeapWeights) {
    this.#pool = pool;
    this.#parameters = Object.entries(weights).map(([name, weight]) => ({
      name,
      weight,
      gradient: gradients[name] as HeapArray,
      mean: heap.floats(weight.data.length),
      variance: heap.floats(weight.data.length),
    }));
  }

  /** Forgets all previous steps. */
  reset(): void {
    for (const { mean, variance } of this.#parameters) {
      mean.data.fill(0);
      variance.data.fill(0);
    }
  }

  /** The moments, not copied, by names such as `conv1.weight.mean`. */
  moments(): Readonly<Record<string, Float32Array>> {
    return Object.fromEntries(
      this.#parameters.flatMap(({ name, mean, variance }) => [
        [`${name}.mean`, mean.data],
        [`${name}.variance`, variance.data],
      ]),
    );
  }

  /** Moves the weights against the gradients as they stand. */
  step(factors: AdamFactors): void {
    const lists = Array.from({ length: this.#pool.threads }, (): KernelCall[] => []);
    for (const { weight, gradient, mean, variance } of this.#parameters) {
      const addresses = {
        weights: weight.address,
        gradients: gradient.address,
        firstMoment: mean.address,
        secondMoment: variance.address,
      };
      const parts = this.#pool.parts(weight.data.length, LEAST_SHARED);
      for (const [thread, [first, last]] of parts.entries()) {
        lists[thread]?.push(kernelCalls.adam({ ...addresses, first, last, ...factors }));
      }
    }
    this.#pool.run(lists);
  }
}
