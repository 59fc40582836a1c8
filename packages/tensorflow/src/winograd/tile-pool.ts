import { KernelPool, type Kernels } from '@dlcmp/kernels';
import { createEagerContext, type EagerContext } from '../binding/eager-context';
import type { NativeLibrary } from '../binding/native-library';
import { TILE_FUNCTIONS } from '../built-files';
import { type ThreadFunctionName, threadFunctions } from './thread-functions';
import type { TileThreadData } from './tile-functions';
import { HEADER_BYTES, TileMemory } from './tile-memory';
import { TileThread } from './tile-thread';
import type { ConvolutionShape, Tiling } from './tiling';

const PAGE_BYTES = 2 ** 16;
/** 4 GB. */
const MOST_PAGES = 2 ** 16;

/** Threads that compute strips of convolutions: the caller's own, and workers. */
export class TilePool {
  /** The memory that the threads share: each one's share, one after the other, and behind them what is reserved besides. */
  readonly memory: TileMemory;
  readonly #eager: EagerContext;
  readonly #shared: WebAssembly.Memory;
  readonly #pool: KernelPool;

  /** Blocks until every thread has started. */
  constructor(library: NativeLibrary, threads: number) {
    this.#shared = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
    const address = Number(library.koffi.address(new Uint8Array(this.#shared.buffer)));
    const shared = { memory: this.#shared, address };
    this.memory = new TileMemory(library.koffi, shared);
    const eager = createEagerContext(library, { device: 'CPU', threads: 1 });
    const { context } = eager;
    const data: TileThreadData = { libraryPath: library.path, context, address };
    this.#eager = eager;
    try {
      this.#pool = KernelPool.createBlocking(this.#shared, threads, {
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
    this.memory.restart();
    this.#pool.run(
      Array.from({ length: this.threads }, (_, thread) => [
        { name, numbers: [...sizes, ...cuts, thread, this.threads, ...numbers] },
      ]),
    );
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
    void this.#pool.close();
    this.#eager.library.c.TFE_DeleteContext(this.#eager.context);
  }
}
