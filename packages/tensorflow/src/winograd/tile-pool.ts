import { Worker } from 'node:worker_threads';
import { createEagerContext, type EagerContext } from '../binding/eager-context';
import type { NativeLibrary } from '../binding/native-library';
import { TILE_WORKER } from '../built-files';
import {
  awaitAnswers,
  awaitStart,
  call,
  createMailbox,
  instantiateKernels,
  type Kernels,
  readKernelBinary,
  type ThreadFunction,
} from '../computing-threads';
import { THREAD_FUNCTIONS, type ThreadFunctionName, threadFunctions } from './thread-functions';
import { HEADER_BYTES, type SharedTileMemory, type TileMemory } from './tile-memory';
import { TileThread } from './tile-thread';
import type { ConvolutionShape, Tiling } from './tiling';

/** What a thread is started with. */
export interface TileWorkerData extends SharedTileMemory {
  readonly module: WebAssembly.Module;
  readonly mailbox: SharedArrayBuffer;
  /** The file of TensorFlow's library, which the process has loaded. */
  readonly libraryPath: string;
  /** Address of the context that multiplies. */
  readonly context: bigint;
}

const PAGE_BYTES = 2 ** 16;
/** 4 GB. */
const MOST_PAGES = 2 ** 16;

const START_SECONDS = 120;

/** Threads that compute strips of convolutions: the caller's own, and workers. */
export class TilePool {
  readonly threads: number;
  readonly kernels: Kernels;
  /** The memory that the threads share: each one's share, one after the other, and behind them what is reserved besides. */
  readonly memory: TileMemory;
  readonly #eager: EagerContext;
  readonly #shared: WebAssembly.Memory;
  readonly #own: readonly ThreadFunction[];
  readonly #workers: readonly Worker[];
  readonly #mailboxes: readonly SharedArrayBuffer[];

  /** Blocks until every thread has started. */
  constructor(library: NativeLibrary, threads: number) {
    const binary = readKernelBinary();
    if (!binary) throw new Error('The kernels cannot run on this CPU.');
    const module = new WebAssembly.Module(binary);
    this.#shared = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
    const address = Number(library.koffi.address(new Uint8Array(this.#shared.buffer)));
    const memory = { memory: this.#shared, address };
    this.threads = threads;
    this.kernels = instantiateKernels(module, this.#shared);
    this.#eager = createEagerContext(library, { device: 'CPU', threads: 1 });
    const thread = new TileThread(this.#eager, this.kernels, memory);
    this.memory = thread.memory;
    this.#own = threadFunctions(thread);
    const { context } = this.#eager;
    const data = { ...memory, module, libraryPath: library.path, context };
    this.#mailboxes = Array.from({ length: threads - 1 }, createMailbox);
    this.#workers = this.#mailboxes.map((mailbox) => startWorker({ ...data, mailbox }));
    for (const mailbox of this.#mailboxes) awaitStart(mailbox, START_SECONDS);
  }

  /** Has every thread call one of its functions, with `numbers` behind those that describe its part. */
  run(
    name: ThreadFunctionName,
    shape: ConvolutionShape,
    tiling: Tiling,
    numbers: readonly number[],
  ): void {
    const { count, height, width, inputs, outputs } = shape;
    const { tileRows, tileColumns, stripRows, stripsPerImage } = tiling;
    const sizes = [count, height, width, inputs, outputs];
    const cuts = [tileRows, tileColumns, stripRows, stripsPerImage];
    const index = THREAD_FUNCTIONS.indexOf(name);
    const argumentsOf = (thread: number) => [...sizes, ...cuts, thread, this.threads, ...numbers];
    this.memory.restart();
    this.#mailboxes.forEach((mailbox, position) => {
      call(mailbox, index, argumentsOf(position + 1));
    });
    try {
      this.#own[index]?.(...argumentsOf(0));
    } finally {
      awaitAnswers(this.#mailboxes);
    }
  }

  /** Makes room for so many bytes of each thread, and behind them for others; returns where those begin. */
  reserve(bytesPerThread: number, others = 0): number {
    const end = HEADER_BYTES + this.threads * bytesPerThread;
    const pages = Math.ceil((end + others) / PAGE_BYTES);
    const missing = pages - this.#shared.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) this.#shared.grow(missing);
    return end;
  }

  close(): void {
    for (const worker of this.#workers) void worker.terminate();
    this.#eager.library.c.TFE_DeleteContext(this.#eager.context);
  }
}

/** It keeps no process alive. */
function startWorker(workerData: TileWorkerData): Worker {
  const worker = new Worker(TILE_WORKER, { workerData, execArgv: [] });
  worker.unref();
  return worker;
}
