import type { AdamOptions } from '@dlcmp/bench-core/contract';
import type { HeapWeights } from '../blocks/block-network';
import type { KernelPool } from '../kernels/kernel-pool';
import type { HeapArray, SharedHeap } from '../kernels/shared-heap';

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
  #stepCount = 0;

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
    this.#stepCount = 0;
    for (const { mean, variance } of this.#parameters) {
      mean.data.fill(0);
      variance.data.fill(0);
    }
  }

  /** Moves the weights against the gradients as they stand. */
  step({ learningRate, betas, epsilon }: Required<AdamOptions>): void {
    this.#stepCount++;
    const [meanDecay, varianceDecay] = betas;
    const stepSize = learningRate / (1 - meanDecay ** this.#stepCount);
    const rootScale = 1 / Math.sqrt(1 - varianceDecay ** this.#stepCount);
    for (const { weight, gradient, mean, variance } of this.#parameters) {
      const addresses = [weight, gradient, mean, variance].map(({ address }) => address);
      this.#pool.share('adam', weight.data.length, (first, last) => [
        ...[...addresses, first, last, meanDecay, varianceDecay, stepSize, rootScale, epsilon],
      ]);
    }
  }
}
