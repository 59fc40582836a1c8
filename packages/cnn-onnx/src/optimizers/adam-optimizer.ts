import type { AdamOptions } from '@dlcmp/contract';
import type { HeapArray, KernelCall, KernelPool, SharedHeap } from '@dlcmp/kernels';
import type { HeapWeights } from '../blocks/block-sizes';

/** Arrays of fewer values are updated by one thread. */
const LEAST_SHARED = 4096;

/** The last arguments of the kernels that update weights, see `assembly/adam.ts`. */
export type AdamFactors = readonly [
  meanDecay: number,
  varianceDecay: number,
  stepSize: number,
  rootScale: number,
  epsilon: number,
];

/** @param step from 1 */
export function adamFactors(
  step: number,
  { learningRate, betas, epsilon }: Required<AdamOptions>,
): AdamFactors {
  const [meanDecay, varianceDecay] = betas;
  const stepSize = learningRate / (1 - meanDecay ** step);
  const rootScale = 1 / Math.sqrt(1 - varianceDecay ** step);
  return [meanDecay, varianceDecay, stepSize, rootScale, epsilon];
}

interface Parameter {
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

  /** Moves the weights against the gradients as they stand. */
  step(factors: AdamFactors): void {
    const lists = Array.from({ length: this.#pool.threads }, (): KernelCall[] => []);
    for (const { weight, gradient, mean, variance } of this.#parameters) {
      const addresses = [weight, gradient, mean, variance].map(({ address }) => address);
      const parts = this.#pool.parts(weight.data.length, LEAST_SHARED);
      for (const [thread, [first, last]] of parts.entries()) {
        lists[thread]?.push(['adam', ...addresses, first, last, ...factors]);
      }
    }
    this.#pool.run(lists);
  }
}
