import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KERNEL_WORKER } from '../kernel-files';
import { compileKernels, instantiateKernels, type KernelName, type Kernels } from './kernel-module';
import {
  awaitAnswer,
  createMailbox,
  type KernelCall,
  type KernelWorkerData,
  post,
} from './mailbox';

/** The kernels' arguments for the things `first` to `last` (exclusive), computed by `thread`. */
export type ShareArguments = (first: number, last: number, thread: number) => readonly number[];

/** The kernels on several threads: this one and workers that share its memory. */
export class KernelPool {
  readonly #kernels: Kernels;
  readonly #workers: readonly { readonly worker: Worker; readonly mailbox: SharedArrayBuffer }[];

  private constructor(kernels: Kernels, workers: { worker: Worker; mailbox: SharedArrayBuffer }[]) {
    this.#kernels = kernels;
    this.#workers = workers;
  }

  /** @param memory shared memory that holds whatever the kernels read and write */
  static async create(memory: WebAssembly.Memory, threads: number): Promise<KernelPool> {
    const module = await compileKernels();
    const workers = await Promise.all(
      Array.from({ length: threads - 1 }, () => startWorker(module, memory)),
    );
    return new KernelPool(instantiateKernels(module, memory), workers);
  }

  /** Threads that compute, this one among them. */
  get threads(): number {
    return this.#workers.length + 1;
  }

  /** Computes `kernel` for `total` things, shared out among the threads. */
  share(kernel: KernelName, total: number, argumentsOf: ShareArguments): void {
    this.run(
      this.parts(total).map(([first, last], thread): KernelCall[] => [
        [kernel, ...argumentsOf(first, last, thread)],
      ]),
    );
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

  /** Computes a list of calls on each thread, each list in its order and all at the same time. */
  run([own = [], ...others]: readonly (readonly KernelCall[])[]): void {
    const called = this.#workers.slice(0, others.length);
    for (const [index, { mailbox }] of called.entries()) post(mailbox, others[index] ?? []);
    try {
      for (const [kernel, ...args] of own) this.#kernels[kernel](...args);
    } finally {
      for (const { mailbox } of called) awaitAnswer(mailbox);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}

async function startWorker(module: WebAssembly.Module, memory: WebAssembly.Memory) {
  const mailbox = createMailbox();
  const workerData: KernelWorkerData = { module, memory, mailbox };
  const worker = new Worker(KERNEL_WORKER, { workerData, execArgv: [] });
  await once(worker, 'message');
  worker.unref();
  return { worker, mailbox };
}
