import { assertArgument, DlcmpError } from '@dlcmp/contract';
import { awaitUnlessAborted } from './queue/await-unless-aborted';
import { RequestQueue, type WaitingRequest } from './queue/request-queue';
import type { ServingSettings } from './serving-options';
import { type ServingStats, StatsCounter } from './serving-stats';
import type { OpenedModel, RequestImage } from './workers/messages';
import { errorOf } from './workers/model-worker';
import type { WorkerPool } from './workers/worker-pool';

export interface RequestOptions {
  /** Gives the request up: it is answered with `ABORTED` at once, and computed no more where that has not begun. */
  readonly signal?: AbortSignal | undefined;
}

/** What answers images, wherever it computes. */
export interface ImageAnswering {
  readonly model: OpenedModel;
  readonly settings: ServingSettings;
  /** As {@link Serving.predictImage}. */
  predictImage(file: Uint8Array, options?: RequestOptions): Promise<Float32Array>;
}

/**
 * A model that answers requests. It computes in processes of its own, so that this one's event loop is free; requests that wait are
 * computed together.
 */
export class Serving implements ImageAnswering {
  /** Height and width that images are brought to, and the classes of an answer, in order. */
  readonly model: OpenedModel;
  readonly settings: ServingSettings;
  readonly #pool: WorkerPool;
  readonly #queue = new RequestQueue();
  readonly #counter = new StatsCounter();
  #running = 0;
  #delayed: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #onDrained = () => {};

  constructor(pool: WorkerPool, settings: ServingSettings) {
    this.#pool = pool;
    this.settings = settings;
    this.model = pool.model;
    pool.listen({ onIdle: () => this.#dispatch(), onDown: (reason) => this.#fail(reason) });
  }

  /**
   * Class probabilities of an image as a file has it: JPEG, PNG, WebP, GIF, TIFF or AVIF. A worker decodes it.
   *
   * @param file the file's bytes, which must stay as they are until the answer has come
   * @returns one number a class, in the order of `model.classNames`
   * @throws `INVALID_DATA` where it is no image, damaged or too large; `OVERLOADED`, `ABORTED`, `WORKER_FAILED`, `DISPOSED`; what
   *   the model throws
   */
  async predictImage(file: Uint8Array, options: RequestOptions = {}): Promise<Float32Array> {
    const { maxImageBytes } = this.settings;
    assertArgument(
      file instanceof Uint8Array,
      "file must be a Uint8Array of an image file's bytes.",
    );
    if (file.length > maxImageBytes) {
      throw new DlcmpError(
        'INVALID_DATA',
        `The image has ${file.length} bytes, and at most ${maxImageBytes} are taken: resize it, or serve with a larger maxImageBytes.`,
      );
    }
    return this.#request({ kind: 'file', bytes: file }, options);
  }

  /**
   * Class probabilities of an image that has the model's size already.
   *
   * @param pixels [height × width × 3] bytes, RGB
   * @throws `INVALID_ARGUMENT`, and as {@link predictImage}
   */
  async predictPixels(pixels: Uint8Array, options: RequestOptions = {}): Promise<Float32Array> {
    assertArgument(pixels instanceof Uint8Array, 'pixels must be a Uint8Array of RGB bytes.');
    return this.#request({ kind: 'pixels', bytes: pixels }, options);
  }

  /** What it is at, and what it has done so far. */
  stats(): ServingStats {
    const { readyCount: workers, restarts, processIds } = this.#pool;
    return {
      ...{ waiting: this.#queue.length, running: this.#running },
      ...{ workers, restarts, processIds },
      ...this.#counter.counts(),
    };
  }

  /** Takes no more requests, answers those that wait, then ends the workers. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    this.#dispatch();
    if (!this.#isDrained()) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
    }
    await this.#pool.close();
  }

  #isDrained(): boolean {
    return this.#queue.length === 0 && this.#running === 0;
  }

  async #request(image: RequestImage, { signal }: RequestOptions): Promise<Float32Array> {
    if (this.#closing) {
      throw new DlcmpError('DISPOSED', 'This serving was closed. Start another one.');
    }
    let request: WaitingRequest | undefined;
    const wait = () =>
      new Promise<Float32Array>((resolve, reject) => {
        if (this.#pool.down) throw this.#pool.down;
        request = { image, since: performance.now(), resolve, reject };
        this.#queue.add(request);
        this.#dispatch();
        if (this.#queue.length > this.settings.maxQueue) this.#refuse(request);
      });
    const giveUp = () => {
      if (request) this.#queue.remove(request);
      this.#tellIfDrained();
    };
    try {
      const answer = await awaitUnlessAborted(signal, wait, giveUp);
      this.#counter.answered++;
      return answer;
    } catch (error) {
      this.#counter.countFailure(error);
      throw error;
    }
  }

  #refuse(request: WaitingRequest): void {
    this.#queue.remove(request);
    const { maxQueue } = this.settings;
    throw new DlcmpError(
      'OVERLOADED',
      `${maxQueue} requests wait already. Try again later, or serve with a larger maxQueue or more workers.`,
    );
  }

  /** Gives idle workers what waits, as evenly as may be. */
  #dispatch(): void {
    clearTimeout(this.#delayed);
    const { maxBatch } = this.settings;
    while (this.#queue.length > 0 && this.#pool.idleCount > 0) {
      const pause = this.#pauseBeforeNext();
      if (pause > 0) {
        this.#delayed = setTimeout(() => this.#dispatch(), pause);
        return;
      }
      const share = Math.ceil(this.#queue.length / this.#pool.readyCount);
      void this.#compute(this.#queue.take(Math.min(share, maxBatch)));
    }
  }

  /** Milliseconds that the oldest request may still wait for others. */
  #pauseBeforeNext(): number {
    const { maxBatch, maxDelayMs } = this.settings;
    if (this.#closing || this.#queue.length >= maxBatch) return 0;
    return maxDelayMs - (performance.now() - this.#queue.oldest);
  }

  async #compute(batch: readonly WaitingRequest[]): Promise<void> {
    this.#running += batch.length;
    this.#counter.countBatch(batch.length);
    try {
      const answers = await this.#pool.answer(batch.map(({ image }) => image));
      for (const [at, answer] of answers.entries()) {
        const { resolve, reject } = batch[at] as WaitingRequest;
        if ('failure' in answer) reject(errorOf(answer.failure));
        else resolve(answer.probabilities);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= batch.length;
      this.#tellIfDrained();
    }
  }

  #fail(reason: unknown): void {
    for (const { reject } of this.#queue.take(this.#queue.length)) reject(reason);
    this.#tellIfDrained();
  }

  #tellIfDrained(): void {
    if (this.#isDrained()) this.#onDrained();
  }
}
