import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CudaDriver, DevicePointer } from '@dlcmp/cuda';
import type * as Koffi from 'koffi';
import type { CudaEngine } from '../../src/cuda/cuda-engine';
import type { KernelParameter } from '../../src/cuda/cuda-kernels';
import { KERNELS, type KernelName } from '../../src/cuda/kernels';
import type { DeviceRuntime } from '../../src/runtime/c-api/device-session';
import { runtime } from '../runtime/c-api/bound-memory';

const COMPILER = 'cc';

/** Whether the kernels can be compiled for this machine's CPU. */
export const hasCompiler = spawnSync(COMPILER, ['--version']).status === 0;

const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;

/** What CUDA C++ has and C has not. A block has one thread, so that nobody waits for another. */
const HEADER = `
#include <math.h>
#include <stdbool.h>
#include <string.h>
static struct { unsigned x; } blockIdx, blockDim = {1}, threadIdx = {0};
#define __global__
#define __shared__ static
#define __syncthreads()
void copy(void *target, const void *source, size_t bytes) { memcpy(target, source, bytes); }
void clear(void *target, size_t bytes) { memset(target, 0, bytes); }
`;

type NativeFunction = (...args: unknown[]) => void;

interface Kernel {
  readonly name: string;
  /** As C declares them. */
  readonly parameters: readonly string[];
}

function kernelsOf(source: string): Kernel[] {
  return [...source.matchAll(/__global__ void (\w+)\(([^)]*)\)/g)].map(([, name, parameters]) => ({
    name: name as string,
    parameters: (parameters as string).split(',').map((parameter) => parameter.trim()),
  }));
}

/** Runs a kernel on every block. */
function launcher({ name, parameters }: Kernel): string {
  const names = parameters.map((parameter) => /\w+$/.exec(parameter)?.[0]);
  return `void launch_${name}(size blocks, ${parameters}) {
    for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++) ${name}(${names});
  }`;
}

function koffiType(parameter: string): string {
  if (parameter.includes('*')) return 'uint64_t';
  return parameter.startsWith('float') ? 'float' : 'uint32_t';
}

/** The kernels' own source, compiled for the CPU. */
function compile() {
  const kernels = kernelsOf(KERNELS);
  const source = [HEADER, KERNELS.replaceAll('extern "C" ', ''), ...kernels.map(launcher)];
  const directory = mkdtempSync(join(tmpdir(), 'dlcmp-kernels-'));
  try {
    const path = join(directory, 'kernels.so');
    const options = ['-shared', '-fPIC', '-O2', '-x', 'c', '-', '-o', path, '-lm'];
    execFileSync(COMPILER, options, { input: source.join('\n') });
    const library = koffi.load(path);
    const launches = kernels.map(({ name, parameters }) => {
      const types = ['uint32_t', ...parameters.map(koffiType)];
      return [name, library.func(`launch_${name}`, 'void', types)] as const;
    });
    return {
      copy: library.func('copy', 'void', ['uint64_t', 'uint64_t', 'size_t']) as NativeFunction,
      clear: library.func('clear', 'void', ['uint64_t', 'size_t']) as NativeFunction,
      launches: new Map<string, NativeFunction>(launches),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Of every byte of new memory: as float32, not a number. */
const POISON = 0xff;

/**
 * A GPU that is none: our kernels compiled for the CPU, ONNX Runtime on the CPU, and main memory. Work waits in its stream
 * until somebody waits for it there, so what forgets to wait reads what was there before; new memory holds no numbers.
 */
export function openGpuInMemory(): CudaEngine {
  const native = compile();
  const memory = new Map<DevicePointer, Uint8Array>();
  const streams = new Map<DevicePointer, (() => void)[]>();
  let recording: (() => void)[] | undefined;

  const createStream = (): DevicePointer => {
    const stream = BigInt(streams.size + 1);
    streams.set(stream, []);
    return stream;
  };
  const enqueue = (stream: DevicePointer, work: () => void) => {
    (recording ?? streams.get(stream))?.push(work);
  };
  const stream = createStream();

  const driver: CudaDriver = {
    allocate(bytes) {
      const block = new Uint8Array(bytes).fill(POISON);
      const address = koffi.address(block);
      memory.set(address, block);
      return address;
    },
    free: (pointer) => void memory.delete(pointer),
    allocatePinned: (bytes) => ({ bytes: new Uint8Array(bytes), free: () => {} }),
    memory: () => ({ freeBytes: 2 ** 32, totalBytes: 2 ** 32 }),
    createStream,
    // Arrays are held until their turn has come.
    copyToDevice: (target, source, on) =>
      enqueue(on, () => native.copy(target, koffi.address(source), source.byteLength)),
    copyToHost: (target, source, on) =>
      enqueue(on, () => native.copy(koffi.address(target), source, target.byteLength)),
    copyOnDevice: (target, source, bytes, on) =>
      enqueue(on, () => native.copy(target, source, bytes)),
    clear: (target, bytes, on) => enqueue(on, () => native.clear(target, bytes)),
    synchronize(on) {
      for (const work of streams.get(on)?.splice(0) ?? []) work();
    },
    loadKernel: refuse,
    launch: refuse,
    record(on, note) {
      const work: (() => void)[] = [];
      recording = work;
      note();
      recording = undefined;
      return { run: () => streams.get(on)?.push(...work), release: () => {} };
    },
  };
  const launch = (name: KernelName, blocks: number, ...parameters: KernelParameter[]) => {
    const kernel = native.launches.get(name);
    if (!kernel) throw new Error(`There is no kernel ${name}.`);
    enqueue(stream, () => kernel(blocks, ...parameters.map(toNumber)));
  };
  return {
    driver,
    stream,
    runtime: queueing(runtime, (work) => enqueue(stream, work)),
    kernels: { overValues: launch, overRows: launch },
  };
}

/** Kernels are launched by their names. */
function refuse(): never {
  throw new Error('The kernels of a GPU in memory are no modules.');
}

function toNumber(parameter: KernelParameter): number | bigint {
  if (typeof parameter === 'bigint') return parameter;
  return 'count' in parameter ? parameter.count : parameter.float;
}

/** ONNX Runtime whose graphs are put into a stream. */
function queueing(inner: DeviceRuntime, enqueue: (work: () => void) => void): DeviceRuntime {
  return {
    ...inner,
    openSession(model) {
      const session = inner.openSession(model);
      return {
        ...session,
        bind(tensors, outputs) {
          const graph = session.bind(tensors, outputs);
          return { ...graph, run: () => enqueue(() => graph.run()) };
        },
      };
    },
  };
}
