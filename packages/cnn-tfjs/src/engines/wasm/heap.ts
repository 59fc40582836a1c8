import { assertArgument } from '@dlcmp/contract';
import type { KernelCall, KernelPool } from '@dlcmp/kernels';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** Tensors as TensorFlow.js hands them to a kernel, by its own names for them. */
export type KernelInputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** Where kernels compute: tensors as addresses on the backend's heap, and threads. */
export interface Heap {
  readonly pool: KernelPool;
  /** Threads to compute with, as many as the pool has or fewer. */
  threads: number;
  /** Computes the calls at the same time, each on a thread of its own. */
  run(calls: readonly KernelCall[]): void;
  /** Address of a tensor's first element. */
  address(tensor: TensorInfo): number;
  /** A new float32 tensor, not initialised. */
  allocate(shape: readonly number[]): TensorInfo;
  /** The floats at an address, until the heap next grows. */
  floats(address: number, length: number): Float32Array;
  /** Calls `use` with the address of so many scratch floats for each item, not initialised. */
  withScratch<const Sizes extends readonly number[], Result>(
    floats: Sizes,
    use: (...addresses: { [Index in keyof Sizes]: number }) => Result,
  ): Result;
}

/** Bytes of a float32. */
export const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** The part of the backend's Emscripten module that its type leaves out. */
interface EmscriptenModule {
  readonly wasmMemory: WebAssembly.Memory;
  readonly asm: { malloc(bytes: number): number };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function emscriptenModule(backend: BackendWasm): EmscriptenModule {
  return backend.wasm as unknown as EmscriptenModule;
}

/** The memory that the backend keeps its tensors in. */
export function heapMemory(backend: BackendWasm): WebAssembly.Memory {
  return emscriptenModule(backend).wasmMemory;
}

const HEAP_LIMIT = 2 ** 32;

/**
 * Emscripten answers 0 where the heap is full, and sees too large a number of bytes modulo 4 GB:
 * TensorFlow.js would write over other data.
 */
function refuseFullHeap(wasm: EmscriptenModule): void {
  wasm._malloc = (bytes) => {
    const address = bytes < HEAP_LIMIT ? wasm.asm.malloc(bytes) : 0;
    assertArgument(
      address !== 0,
      `The WebAssembly heap of 4 GB has no room for ${bytes} more bytes. Use smaller batches or images.`,
    );
    return address;
  };
}

/** Every allocation on the heap, TensorFlow.js's too, throws `INVALID_ARGUMENT` once it is full. */
export function createHeap(backend: BackendWasm, pool: KernelPool): Heap {
  const wasm = emscriptenModule(backend);
  refuseFullHeap(wasm);
  return {
    pool,
    threads: 1,
    run: (calls) => pool.run(calls.map((call) => [call])),
    address: ({ dataId }) => backend.getMemoryOffset(dataId),
    allocate: (shape) => backend.makeOutput([...shape], 'float32'),
    floats: (address, length) => new Float32Array(wasm.wasmMemory.buffer, address, length),
    withScratch(floats, use) {
      const total = floats.reduce((sum, length) => sum + length, 0);
      const start = wasm._malloc(total * FLOAT) >>> 0;
      let next = start;
      const addresses = floats.map((length) => {
        const address = next;
        next += length * FLOAT;
        return address;
      });
      try {
        return use(...(addresses as { [Index in keyof typeof floats]: number }));
      } finally {
        wasm._free(start);
      }
    },
  };
}
