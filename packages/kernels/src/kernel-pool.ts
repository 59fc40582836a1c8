import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Kernels, nameArguments } from '../generated/kernel-calls';
import type { KernelCall } from './kernel-call';
import { KERNEL_WORKER } from './kernel-files';
import { compileKernels, instantiateKernels } from './kernel-module';
import { Mailbox } from './mailbox';
import { FunctionTable, type ThreadFunctions } from './thread-functions';

/** What functions of the caller's own compute with. */
export interface ThreadContext {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

/** Functions of the caller's own, which a pool's threads compute beside the kernels: matrix products above all. */
export interface PoolExtension {
  /**
   * An ES module for the other threads. What it exports as `createFunctions` is called with a {@link ThreadContext} and
   * `data`, and returns functions of the same names.
   */
  readonly module: URL;
  /** What a thread can be sent. */
  readonly data?: unknown;
  /** The functions of the thread that the pool is made on. */
  createFunctions(context: ThreadContext): ThreadFunctions;
}

/** What a kernel thread is started with. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly mailbox: SharedArrayBuffer;
  /** All functions, in the order of the pool's table. */
  readonly names: readonly string[];
  readonly extension?: { readonly module: string; readonly data: unknown } | undefined;
}

/** What `thread` computes for the things `first` to `last` (exclusive). */
export type ShareCall = (first: number, last: number, thread: number) => KernelCall;

/** Longest that a thread may take to start. */
const START_SECONDS = 120;

interface PoolWorker {
  readonly worker: Worker;
  readonly mailbox: Mailbox;
}

/** The kernels on several threads: the one that makes the pool, and workers that share its memory. */
export class KernelPool {
  /** For the calling thread alone. */
  readonly kernels: Kernels;
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #extension: PoolExtension | undefined;
  readonly #functions: FunctionTable;
  readonly #workers: PoolWorker[] = [];
  #growth: Promise<void> = Promise.resolve();

  private constructor(memory: WebAssembly.Memory, extension?: PoolExtension) {
    this.#module = compileKernels();
    this.#memory = memory;
    this.#extension = extension;
    const kernels = instantiateKernels(this.#module, memory);
    this.kernels = nameArguments(kernels);
    const own = extension?.createFunctions({ kernels: this.kernels, memory });
    this.#functions = new FunctionTable({ ...kernels, ...own });
  }

  /**
   * A pool of so many threads, the calling one among them. Where one does not start, none is left behind.
   *
   * @param memory shared memory that holds whatever the kernels read and write
   */
  static async create(
    memory: WebAssembly.Memory,
    threads: number,
    extension?: PoolExtension,
  ): Promise<KernelPool> {
    const pool = new KernelPool(memory, extension);
    await pool.grow(threads);
    return pool;
  }

  /** The same for callers that cannot wait otherwise: blocks until every thread has started. */
  static createBlocking(
    memory: WebAssembly.Memory,
    threads: number,
    extension?: PoolExtension,
  ): KernelPool {
    const pool = new KernelPool(memory, extension);
    const started = pool.#startWorkers(threads - 1);
    try {
      for (const { mailbox } of started) mailbox.awaitStart(START_SECONDS);
    } catch (error) {
      for (const { worker } of started) void worker.terminate();
      throw error;
    }
    pool.#workers.push(...started);
    return pool;
  }

  /** Threads that compute, the calling one among them. */
  get threads(): number {
    return this.#workers.length + 1;
  }

  /** Starts workers until there are `threads` threads; where one does not start, there are as many as before. */
  grow(threads: number): Promise<void> {
    const growth = this.#growth.then(() => this.#grow(threads));
    this.#growth = growth.catch(() => {});
    return growth;
  }

  async #grow(threads: number): Promise<void> {
    const started = this.#startWorkers(Math.max(0, threads - this.threads));
    const outcomes = await Promise.allSettled(started.map(awaitStart));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) {
      await Promise.all(started.map(({ worker }) => worker.terminate()));
      throw failure.reason;
    }
    this.#workers.push(...started);
  }

  /**
   * Computes `total` things, shared out among the threads.
   *
   * @param multiple see {@link parts}
   */
  share(total: number, callOf: ShareCall, multiple?: number): void {
    const parts = this.parts(total, multiple);
    this.run(parts.map(([first, last], thread) => [callOf(first, last, thread)]));
  }

  /**
   * `total` things shared out among the threads, as the first and last (exclusive) of each.
   *
   * @param multiple of which each part has as many, but for the last. Default: 1.
   */
  parts(total: number, multiple = 1): (readonly [number, number])[] {
    const size = Math.ceil(total / this.threads / multiple) * multiple;
    return Array.from({ length: Math.ceil(total / size) }, (_, index) => [
      index * size,
      Math.min((index + 1) * size, total),
    ]);
  }

  /**
   * Computes a list of calls on each thread, each list in its order and all at the same time. Throws with the kernel's name
   * and the reason where one failed, once all threads are done.
   */
  run([own = [], ...others]: readonly (readonly KernelCall[])[]): void {
    if (others.length > this.#workers.length) {
      throw new RangeError(`There are ${this.threads} threads for ${others.length + 1} lists.`);
    }
    const called = this.#workers.slice(0, others.length);
    for (const [index, { mailbox }] of called.entries()) {
      mailbox.post(this.#functions, others[index] ?? []);
    }
    const failures: unknown[] = [];
    try {
      for (const { name, numbers } of own) {
        this.#functions.call(this.#functions.placeOf(name), numbers);
      }
    } catch (error) {
      failures.push(error);
    }
    for (const { mailbox } of called) failures.push(mailbox.awaitAnswer());
    const failure = failures.find((reason) => reason !== undefined);
    if (failure !== undefined) throw failure;
  }

  /** Ends the workers; the calling thread goes on without them. */
  async close(): Promise<void> {
    await this.#growth;
    const workers = this.#workers.splice(0);
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  }

  /** They keep no process alive. */
  #startWorkers(count: number): PoolWorker[] {
    const { module, data } = this.#extension ?? {};
    const shared = {
      module: this.#module,
      memory: this.#memory,
      names: this.#functions.names,
      extension: module && { module: module.href, data },
    };
    return Array.from({ length: count }, () => {
      const mailbox = new Mailbox();
      const workerData: KernelWorkerData = { ...shared, mailbox: mailbox.buffer };
      const worker = new Worker(KERNEL_WORKER, { workerData, execArgv: [] });
      // What goes wrong in a thread is in its mailbox; an event that nobody listens to would end the process.
      worker.on('error', () => {});
      worker.unref();
      return { worker, mailbox };
    });
  }
}

async function awaitStart({ worker, mailbox }: PoolWorker): Promise<void> {
  worker.ref();
  await once(worker, 'message');
  worker.unref();
  mailbox.awaitStart(START_SECONDS);
}
