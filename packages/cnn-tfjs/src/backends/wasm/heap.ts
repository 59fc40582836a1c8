import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelModule } from './kernel-module';

/** What a kernel computes with: tensors as addresses on the backend's heap. */
export interface Heap {
  readonly kernels: KernelModule;
  /** Address of a tensor's first element. */
  address(tensor: TensorInfo): number;
  /** A new float32 tensor, not initialised. */
  allocate(shape: readonly number[]): TensorInfo;
  /** A new float32 tensor of zeros. */
  allocateZeros(shape: readonly number[]): TensorInfo;
  /** Calls `use` with the addresses of scratch areas of so many floats, not initialised. */
  withScratch<Result>(
    floats: readonly number[],
    use: (...addresses: [number, number]) => Result,
  ): Result;
}

/** What a kernel is given: tensors by the names that TensorFlow.js has for them. */
export type KernelInputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The part of the backend's Emscripten module that its type leaves out. */
interface EmscriptenModule {
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function emscriptenModule(backend: BackendWasm): EmscriptenModule {
  return backend.wasm as unknown as EmscriptenModule;
}

/** The memory that the backend keeps its tensors in. */
export function heapMemory(backend: BackendWasm): WebAssembly.Memory {
  return emscriptenModule(backend).asm.memory;
}

export function createHeap(backend: BackendWasm, kernels: KernelModule): Heap {
  const wasm = emscriptenModule(backend);
  const allocate = (shape: readonly number[]) => backend.makeOutput([...shape], 'float32');
  return {
    kernels,
    allocate,
    address: ({ dataId }) => backend.getMemoryOffset(dataId),
    allocateZeros(shape) {
      const tensor = allocate(shape);
      backend.typedArrayFromHeap(tensor).fill(0);
      return tensor;
    },
    withScratch(floats, use) {
      const total = floats.reduce((sum, length) => sum + length, 0);
      const start = wasm._malloc(total * BYTES) >>> 0;
      if (start === 0)
        throw new RangeError(`The WebAssembly heap has no room for ${total} floats.`);
      try {
        return use(start, start + (floats[0] ?? 0) * BYTES);
      } finally {
        wasm._free(start);
      }
    },
  };
}
