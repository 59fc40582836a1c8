import { createRequire } from 'node:module';
import { DlcmpError } from '@dlcmp/contract';
import type * as Koffi from 'koffi';
import {
  answer,
  type Check,
  createCheck,
  type DriverFunctions,
  declareDriver,
} from './driver-functions';
import { recordWork } from './record-work';

/** Address of memory on the GPU, or of something of the driver's. */
export type DevicePointer = bigint;

/** NVIDIA's driver, on one GPU and for the thread that opened it. Calls on a stream return before their work is done. */
export interface CudaDriver {
  /** Takes memory on the GPU, which the caller frees. Throws `BACKEND_UNAVAILABLE` with what is free where it does not fit. */
  allocate(bytes: number): DevicePointer;
  free(pointer: DevicePointer): void;
  /** Takes main memory that the GPU can copy from by itself, which the caller gives back. */
  allocatePinned(bytes: number): PinnedMemory;
  /** Bytes free and in all on the GPU. */
  memory(): { readonly freeBytes: number; readonly totalBytes: number };
  /** A queue of work. */
  createStream(): DevicePointer;
  copyToDevice(target: DevicePointer, source: ArrayBufferView, stream: DevicePointer): void;
  copyToHost(target: ArrayBufferView, source: DevicePointer, stream: DevicePointer): void;
  copyOnDevice(
    target: DevicePointer,
    source: DevicePointer,
    bytes: number,
    stream: DevicePointer,
  ): void;
  /** Writes zeros. */
  clear(target: DevicePointer, bytes: number, stream: DevicePointer): void;
  /** Waits until everything that `stream` was given is done. */
  synchronize(stream: DevicePointer): void;
  /** A kernel of a module, from PTX or machine code as NVRTC makes them. */
  loadKernel(code: Uint8Array, name: string): DevicePointer;
  /**
   * Runs a kernel with `blocks` of `threads` each.
   *
   * @param parameters each parameter's bytes
   */
  launch(
    kernel: DevicePointer,
    blocks: number,
    threads: number,
    parameters: readonly ArrayBufferView[],
    stream: DevicePointer,
  ): void;
  /**
   * Notes what `enqueue` gives to `stream`, and does not run it, as a graph that is launched in one call. Everything in it
   * must have run once before: what allocates memory or waits cannot be recorded.
   */
  record(stream: DevicePointer, enqueue: () => void): RecordedWork;
}

/** Main memory that stays where it is. */
export interface PinnedMemory {
  /** Not to be used once it is given back. */
  readonly bytes: Uint8Array;
  free(): void;
}

/** Work on addresses and numbers that stay the same. */
export interface RecordedWork {
  /** Queues it on the stream on which it was recorded. */
  run(): void;
  release(): void;
}

const FIRST_GPU = 0;
/** A stream that does not wait for the default one. */
const NON_BLOCKING = 1;
const OUT_OF_MEMORY = 2;

/**
 * Opens the driver on the first GPU, in the context that CUDA's own libraries use too, so that memory is shared with them.
 *
 * @throws `BACKEND_UNAVAILABLE` where there is no driver or no GPU
 */
export function openCudaDriver(): CudaDriver {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const functions = declareDriver(koffi);
  const check = createCheck(koffi, functions);
  const { cuMemGetInfo_v2 } = functions;
  check(functions.cuInit(0), 'the driver');
  const context = answer(check, 'the GPU', (room) =>
    functions.cuDevicePrimaryCtxRetain(room, FIRST_GPU),
  );
  check(functions.cuCtxSetCurrent(context), 'the GPU');
  const memory = () => {
    const [free, total] = [new BigUint64Array(1), new BigUint64Array(1)];
    check(cuMemGetInfo_v2(free, total), "the GPU's memory");
    return { freeBytes: Number(free[0]), totalBytes: Number(total[0]) };
  };
  return {
    memory,
    allocate: (bytes) => allocate(functions, check, memory, bytes),
    free: (pointer) => check(functions.cuMemFree_v2(pointer), 'freed memory'),
    allocatePinned: (bytes) => {
      const address = answer(check, 'main memory for copies', (room) =>
        functions.cuMemHostAlloc(room, bytes, 0),
      );
      return {
        bytes: new Uint8Array(koffi.view(address, bytes)),
        free: () => check(functions.cuMemFreeHost(address), 'freed memory'),
      };
    },
    createStream: () =>
      answer(check, 'a stream', (room) => functions.cuStreamCreate(room, NON_BLOCKING)),
    copyToDevice: (target, source, stream) =>
      check(
        functions.cuMemcpyHtoDAsync_v2(target, source, source.byteLength, stream),
        'a copy to the GPU',
      ),
    copyToHost: (target, source, stream) =>
      check(
        functions.cuMemcpyDtoHAsync_v2(target, source, target.byteLength, stream),
        'a copy from the GPU',
      ),
    copyOnDevice: (target, source, bytes, stream) =>
      check(functions.cuMemcpyDtoDAsync_v2(target, source, bytes, stream), 'a copy within the GPU'),
    clear: (target, bytes, stream) =>
      check(functions.cuMemsetD8Async(target, 0, bytes, stream), 'the clearing of memory'),
    synchronize: (stream) => check(functions.cuStreamSynchronize(stream), 'work on the GPU'),
    loadKernel: (code, name) => {
      const module = answer(check, name, (room) => functions.cuModuleLoadData(room, code));
      return answer(check, name, (room) => functions.cuModuleGetFunction(room, module, name));
    },
    launch: (kernel, blocks, threads, parameters, stream) => {
      const addresses = BigUint64Array.from(parameters, (bytes) => koffi.address(bytes));
      const size = [blocks, 1, 1, threads, 1, 1, 0];
      check(functions.cuLaunchKernel(kernel, ...size, stream, addresses, null), 'a kernel');
    },
    record: (stream, enqueue) => recordWork(functions, check, stream, enqueue),
  };
}

function allocate(
  { cuMemAlloc_v2 }: DriverFunctions,
  check: Check,
  memory: CudaDriver['memory'],
  bytes: number,
): DevicePointer {
  const room = new BigUint64Array(1);
  const code = cuMemAlloc_v2(room, bytes);
  if (code === OUT_OF_MEMORY) {
    const { freeBytes, totalBytes } = memory();
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `The GPU is out of memory: ${mebibytes(bytes)} are asked for, and ${mebibytes(freeBytes)} of ${mebibytes(totalBytes)} are free. Choose a smaller --batch-size or --image-size, or end what else uses the GPU.`,
    );
  }
  check(code, 'memory');
  return room[0] as bigint;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}
