import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KERNEL_WORKER } from '../../kernel-files';
import {
  instantiateKernels,
  KERNEL_NAMES,
  type KernelName,
  type Kernels,
  readKernelBinary,
} from '../../threads/kernel-module';
import { awaitAnswers, call, createMailbox } from '../../threads/mailbox';

/** What a kernel thread is started with. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly mailbox: SharedArrayBuffer;
}

/** The kernels on several threads: this one and workers that share its memory. */
export class KernelPool {
  /** Threads to compute with, as many as {@link grow} was asked for or fewer. */
  threads = 1;
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #workers: { readonly worker: Worker; readonly mailbox: SharedArrayBuffer }[] = [];

  private constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#module = module;
    this.#memory = memory;
    this.#kernels = instantiateKernels(module, memory);
  }

  /** A pool of one thread on `memory`, which is shared memory. */
  static async create(memory: WebAssembly.Memory): Promise<KernelPool> {
    const binary = readKernelBinary();
    if (!binary) throw new Error('The kernels cannot run on this CPU.');
    return new KernelPool(await WebAssembly.compile(binary), memory);
  }

  /** Starts workers until there are `threads` threads. */
  async grow(threads: number): Promise<void> {
    while (this.#workers.length < threads - 1) {
      const mailbox = createMailbox();
      const workerData: KernelWorkerData = { module: this.#module, memory: this.#memory, mailbox };
      const worker = new Worker(KERNEL_WORKER, { workerData, execArgv: [] });
      await once(worker, 'message');
      worker.unref();
      this.#workers.push({ worker, mailbox });
    }
  }

  /** Computes `kernel` once for each of `parts`, its arguments, at the same time. */
  run(kernel: KernelName, parts: readonly (readonly number[])[]): void {
    const [own = [], ...others] = parts;
    const called = others.map((numbers, index) => {
      const mailbox = this.#workers[index]?.mailbox;
      if (!mailbox) throw new RangeError(`The pool has no thread for part ${index + 2}.`);
      call(mailbox, KERNEL_NAMES.indexOf(kernel), numbers);
      return mailbox;
    });
    try {
      this.#kernels[kernel](...own);
    } finally {
      awaitAnswers(called);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}
