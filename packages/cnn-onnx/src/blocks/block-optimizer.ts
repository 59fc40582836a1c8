import { type OptimizerSpec, updateRule } from '@dlcmp/contract';
import type { HeapArray, KernelCall, KernelPool, SharedHeap } from '@dlcmp/kernels';
import type { HeapWeights } from './block-sizes';
import type { UpdateCall } from './optimizer-calls';

/** Arrays of fewer values are updated by one thread. */
const LEAST_SHARED = 4096;

interface Parameter {
  readonly weight: HeapArray;
  readonly moments: readonly HeapArray[];
}

/** What an optimiser remembers of weights on the heap, and its steps: one pass over memory, on all threads. */
export class BlockOptimizer {
  /** Names of what is remembered of each weight. */
  readonly momentNames: readonly string[];
  stepCount = 0;
  readonly #pool: KernelPool;
  readonly #parameters: ReadonlyMap<string, Parameter>;

  /** @param weights updated in place */
  constructor(pool: KernelPool, heap: SharedHeap, spec: OptimizerSpec, weights: HeapWeights) {
    this.#pool = pool;
    this.momentNames = updateRule(spec).moments;
    this.#parameters = new Map(
      Object.entries(weights).map(([name, weight]) => [
        name,
        { weight, moments: this.momentNames.map(() => heap.floats(weight.data.length)) },
      ]),
    );
  }

  /** Whether what is remembered is what an optimiser of `spec` asks for. */
  fits(spec: OptimizerSpec): boolean {
    return updateRule(spec).moments.join() === this.momentNames.join();
  }

  /** Forgets all previous steps. */
  reset(): void {
    this.stepCount = 0;
    for (const { data } of Object.values(this.moments())) data.fill(0);
  }

  /** The moments, by names such as `conv1.weight.mean`. */
  moments(): HeapWeights {
    return Object.fromEntries(
      [...this.#parameters].flatMap(([name, { moments }]) =>
        this.momentNames.map((moment, index) => [`${name}.${moment}`, moments[index] as HeapArray]),
      ),
    );
  }

  /** Moves the weights of the gradients' names against these. */
  step(gradients: HeapWeights, update: UpdateCall): void {
    const lists = Array.from({ length: this.#pool.threads }, (): KernelCall[] => []);
    for (const [name, { address, data }] of Object.entries(gradients)) {
      const addresses = this.#addresses(name, address);
      const parts = this.#pool.parts(data.length, LEAST_SHARED);
      for (const [thread, [first, last]] of parts.entries())
        lists[thread]?.push(update(addresses, first, last));
    }
    this.#pool.run(lists);
  }

  /** A call that moves `count` values of one weight from `first` on, whose gradients alone are at an address. */
  partCall(name: string, gradients: number, first: number, count: number, update: UpdateCall) {
    const { weights, moments } = this.#addresses(name, gradients);
    const from = (address: number) => address + first * 4;
    return update({ weights: from(weights), gradients, moments: moments.map(from) }, 0, count);
  }

  #addresses(name: string, gradients: number) {
    const { weight, moments } = this.#parameters.get(name) as Parameter;
    return {
      weights: weight.address,
      gradients,
      moments: moments.map(({ address }) => address),
    };
  }
}
