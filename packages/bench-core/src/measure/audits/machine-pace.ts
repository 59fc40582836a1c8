import { median } from 'simple-statistics';
import { probeNoise } from '../noise-probe';

/** How fast the machine itself is, while something is timed and later: by the noise probe, on the machine's own clock. */
export class MachinePace {
  readonly #probe: () => number;
  readonly #timed: number[] = [];

  constructor(probe: () => number = probeNoise) {
    this.#probe = probe;
  }

  /** To be called between the parts of what is timed. */
  sample(): void {
    this.#timed.push(this.#probe());
  }

  /** Runs `action`; how many times slower than when it was sampled the machine was before or after it, at least 1. */
  async slowdownDuring<Result>(
    action: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly slowdown: number }> {
    const before = this.#probe();
    const result = await action();
    const now = Math.max(before, this.#probe());
    return {
      result,
      slowdown: this.#timed.length === 0 ? 1 : Math.max(1, now / median(this.#timed)),
    };
  }
}
