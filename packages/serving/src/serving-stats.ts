import { isDlcmpError } from '@dlcmp/contract';

/** What a serving is at, and what it has done since it was opened. */
export interface ServingStats extends ServingCounts {
  /** Requests that wait for a worker. */
  readonly waiting: number;
  /** Requests that are being computed. */
  readonly running: number;
  /** Workers with the model open. */
  readonly workers: number;
  /** Workers that were started in the place of one that had ended. */
  readonly restarts: number;
  /** Of the workers' processes. */
  readonly processIds: readonly number[];
}

interface ServingCounts {
  readonly answered: number;
  /** Refused because the queue was full. */
  readonly refused: number;
  /** Given up by their signal. */
  readonly aborted: number;
  /** Answered with any other error. */
  readonly failed: number;
  readonly batches: number;
  /** Mean number of requests that were computed in one go; 0 before the first. */
  readonly meanBatch: number;
}

export class StatsCounter {
  answered = 0;
  #refused = 0;
  #aborted = 0;
  #failed = 0;
  #batches = 0;
  #inBatches = 0;

  countFailure(error: unknown): void {
    if (isDlcmpError(error, 'OVERLOADED')) this.#refused++;
    else if (isDlcmpError(error, 'ABORTED')) this.#aborted++;
    else this.#failed++;
  }

  countBatch(size: number): void {
    this.#batches++;
    this.#inBatches += size;
  }

  counts(): ServingCounts {
    return {
      ...{ answered: this.answered, refused: this.#refused, aborted: this.#aborted },
      ...{ failed: this.#failed, batches: this.#batches },
      meanBatch: this.#inBatches / Math.max(this.#batches, 1),
    };
  }
}
