import { type KernelCall, KernelPool, type Kernels, SharedHeap } from '@dlcmp/kernels';
import { createEagerContext, type EagerContext } from '../binding/eager-context';
import type { NativeLibrary } from '../binding/native-library';
import { TILE_FUNCTIONS } from '../built-files';
import { threadFunctions } from './thread-functions';
import type { TileThreadData } from './tile-functions';
import { TileMemory } from './tile-memory';
import { type ThreadWork, TileThread } from './tile-thread';
import type { ConvolutionShape, Tiling } from './tiling';

/** Threads that compute strips of convolutions: the caller's own, and workers. */
export class TilePool {
  /** The memory that the threads share: each one's share, one after the other, and behind them what is reserved besides. */
  readonly memory: TileMemory;
  readonly #eager: EagerContext;
  readonly #heap = new SharedHeap();
  readonly #mark = this.#heap.mark();
  readonly #pool: KernelPool;

  /** Blocks until every thread has started. */
  constructor(library: NativeLibrary, threads: number) {
    const { memory } = this.#heap;
    const address = Number(library.koffi.address(new Uint8Array(memory.buffer)));
    const shared = { memory, address };
    this.memory = new TileMemory(library.koffi, shared);
    const eager = createEagerContext(library, { device: 'CPU', threads: 1 });
    const { context } = eager;
    const data: TileThreadData = { libraryPath: library.path, context, address };
    this.#eager = eager;
    try {
      this.#pool = KernelPool.createBlocking(memory, threads, {
        module: TILE_FUNCTIONS,
        data,
        createFunctions: ({ kernels }) => threadFunctions(new TileThread(eager, kernels, shared)),
      });
    } catch (error) {
      library.c.TFE_DeleteContext(context);
      throw error;
    }
  }

  get threads(): number {
    return this.#pool.threads;
  }

  /** For the calling thread alone. */
  get kernels(): Kernels {
    return this.#pool.kernels;
  }

  /** Has every thread compute its part of a convolution, which `callOf` makes a call of. */
  run(shape: ConvolutionShape, tiling: Tiling, callOf: (work: ThreadWork) => KernelCall): void {
    const { threads } = this;
    this.memory.restart();
    this.#pool.run(
      Array.from({ length: threads }, (_, thread) => [callOf({ shape, tiling, thread, threads })]),
    );
  }

  /** Makes room for so many bytes of each thread, and behind them for others; returns where those begin. */
  reserve(bytesPerThread: number, others = 0): number {
    const bytes = this.threads * bytesPerThread;
    this.#heap.release(this.#mark);
    return this.#heap.reserve(bytes + others) + bytes;
  }

  close(): void {
    void this.#pool.close();
    this.#eager.library.c.TFE_DeleteContext(this.#eager.context);
  }
}
