import type { DeferredStep, StepResult } from '../engine/engine';

/** Steps whose losses may be outstanding: reading every one would bring a GPU to a halt after each step. */
const MOST_OUTSTANDING = 32;

/** Results of steps in order, those that are computed elsewhere read together: every 32 steps, and when asked to. */
export class LossQueue {
  readonly #settled: (result: StepResult, tag: number) => void | Promise<void>;
  #waiting: { readonly result: StepResult | DeferredStep; readonly tag: number }[] = [];

  /** @param settled called for each result in order, with what was added beside it */
  constructor(settled: (result: StepResult, tag: number) => void | Promise<void>) {
    this.#settled = settled;
  }

  get outstanding(): number {
    return this.#waiting.length;
  }

  /** @param tag handed back with the result */
  async add(result: StepResult | DeferredStep, tag: number): Promise<void> {
    this.#waiting.push({ result, tag });
    if (!isDeferred(result) || this.outstanding === MOST_OUTSTANDING) await this.settle();
  }

  async settle(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { result, tag } of waiting) {
      await this.#settled(isDeferred(result) ? await result.read() : result, tag);
    }
  }
}

function isDeferred(result: StepResult | DeferredStep): result is DeferredStep {
  return 'read' in result;
}
