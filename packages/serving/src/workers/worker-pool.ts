import { setTimeout as delay } from 'node:timers/promises';
import type { DlcmpError } from '@dlcmp/contract';
import type { ImageAnswer, OpenedModel, RequestImage } from './messages';
import type { ModelWorker } from './model-worker';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** What a pool tells whoever gives it work. */
export interface PoolListener {
  /** A worker has become idle. */
  onIdle(): void;
  /** There is no worker left, and starting one has failed. */
  onDown(reason: DlcmpError): void;
}

/** Some workers, each of which is replaced when its process ends. */
export class WorkerPool {
  readonly #start: () => Promise<ModelWorker>;
  readonly #idle: ModelWorker[] = [];
  readonly #all = new Set<ModelWorker>();
  readonly #stopping = new AbortController();
  readonly #starts = new Set<Promise<void>>();
  #listener: PoolListener = { onIdle() {}, onDown() {} };
  #restarts = 0;
  #down: DlcmpError | undefined;

  private constructor(start: () => Promise<ModelWorker>) {
    this.#start = start;
  }

  /** Starts `count` workers. @throws what the first throws that cannot be started */
  static async open(count: number, start: () => Promise<ModelWorker>): Promise<WorkerPool> {
    const pool = new WorkerPool(start);
    const starts = await Promise.allSettled(Array.from({ length: count }, start));
    const workers = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = starts.find((one) => one.status === 'rejected');
    if (failed) {
      await Promise.all(workers.map((worker) => worker.end()));
      throw failed.reason;
    }
    for (const worker of workers) pool.#add(worker);
    return pool;
  }

  /** @param listener is told from now on */
  listen(listener: PoolListener): void {
    this.#listener = listener;
  }

  get model(): OpenedModel {
    return ([...this.#all][0] as ModelWorker).model;
  }

  get idleCount(): number {
    return this.#idle.length;
  }

  get readyCount(): number {
    return this.#all.size;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get processIds(): readonly number[] {
    return [...this.#all].flatMap(({ processId }) => processId ?? []);
  }

  /** Why no worker can be started, while that is so. */
  get down(): DlcmpError | undefined {
    return this.#down;
  }

  /** Has an idle worker answer; there must be one. @throws as {@link ModelWorker.answer} */
  async answer(images: readonly RequestImage[]): Promise<readonly ImageAnswer[]> {
    const worker = this.#idle.pop() as ModelWorker;
    try {
      return await worker.answer(images);
    } finally {
      if (this.#all.has(worker)) this.#rest(worker);
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#all].map((worker) => worker.end()));
    await Promise.all(this.#starts);
  }

  #add(worker: ModelWorker): void {
    this.#all.add(worker);
    this.#rest(worker);
    void worker.ended.then(() => this.#replace(worker));
  }

  #rest(worker: ModelWorker): void {
    this.#idle.push(worker);
    this.#listener.onIdle();
  }

  #replace(worker: ModelWorker): void {
    this.#all.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#stopping.signal.aborted) return;
    const started = this.#startAnother().catch(() => {});
    this.#starts.add(started);
    void started.then(() => this.#starts.delete(started));
  }

  /** Until one has started, with pauses that grow. */
  async #startAnother(): Promise<void> {
    const { signal } = this.#stopping;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = longer(pause)) {
      try {
        const worker = await this.#start();
        if (signal.aborted) return await worker.end();
        this.#restarts++;
        this.#down = undefined;
        return this.#add(worker);
      } catch (error) {
        if (this.#all.size === 0) {
          this.#down = error as DlcmpError;
          this.#listener.onDown(this.#down);
        }
      }
      await delay(pause, undefined, { signal });
    }
  }
}

function longer(pause: number): number {
  return Math.min(2 * pause, LONGEST_PAUSE_MS);
}
