import type { RequestImage } from '../workers/messages';

/** A request that waits for its turn or for its answer. */
export interface WaitingRequest {
  readonly image: RequestImage;
  /** When it came, in milliseconds of the monotonic clock. */
  readonly since: number;
  readonly resolve: (probabilities: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests in the order in which they came. */
export class RequestQueue {
  readonly #waiting: WaitingRequest[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** When the oldest came; there must be one. */
  get oldest(): number {
    return (this.#waiting[0] as WaitingRequest).since;
  }

  add(request: WaitingRequest): void {
    this.#waiting.push(request);
  }

  /** The first `count`, which wait no more. */
  take(count: number): readonly WaitingRequest[] {
    return this.#waiting.splice(0, count);
  }

  /** Has it wait no more, where it does. */
  remove(request: WaitingRequest): void {
    const at = this.#waiting.indexOf(request);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}
