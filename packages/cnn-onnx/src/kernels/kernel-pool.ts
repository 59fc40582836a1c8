import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KERNEL_WORKER } from '../kernel-files';
import { compileKernels, instantiateKernels, type KernelName, type Kernels } from './kernel-module';
import { awaitAnswer, call, createMailbox, type KernelWorkerData } from './mailbox';

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
    const size = Math.ceil(total / this.threads);
    const called: SharedArrayBuffer[] = [];
    for (const [index, { mailbox }] of this.#workers.entries()) {
      const first = (index + 1) * size;
      if (first >= total) break;
      call(mailbox, kernel, argumentsOf(first, Math.min(first + size, total), index + 1));
      called.push(mailbox);
    }
    try {
      this.#kernels[kernel](...argumentsOf(0, Math.min(size, total), 0));
    } finally {
      for (const mailbox of called) awaitAnswer(mailbox);
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
