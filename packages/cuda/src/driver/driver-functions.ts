import { DlcmpError } from '@dlcmp/contract';
import type * as Koffi from 'koffi';

const LIBRARY = 'libcuda.so.1';

const P = 'void *';
const SIGNATURES = {
  cuInit: ['uint'],
  cuDevicePrimaryCtxRetain: [P, 'int'],
  cuCtxSetCurrent: [P],
  cuMemAlloc_v2: [P, 'size_t'],
  cuMemFree_v2: ['uint64_t'],
  cuMemGetInfo_v2: [P, P],
  cuMemHostAlloc: [P, 'size_t', 'uint'],
  cuMemFreeHost: [P],
  cuStreamCreate: [P, 'uint'],
  cuStreamSynchronize: [P],
  cuMemcpyHtoDAsync_v2: ['uint64_t', P, 'size_t', P],
  cuMemcpyDtoHAsync_v2: [P, 'uint64_t', 'size_t', P],
  cuMemcpyDtoDAsync_v2: ['uint64_t', 'uint64_t', 'size_t', P],
  cuMemsetD8Async: ['uint64_t', 'uint8_t', 'size_t', P],
  cuModuleLoadData: [P, P],
  cuModuleGetFunction: [P, P, 'const char *'],
  cuLaunchKernel: [P, ...Array<string>(7).fill('uint'), P, P, P],
  cuStreamBeginCapture_v2: [P, 'int'],
  cuStreamEndCapture: [P, P],
  cuGraphInstantiateWithFlags: [P, P, 'uint64_t'],
  cuGraphLaunch: [P, P],
  cuGraphExecDestroy: [P],
  cuGraphDestroy: [P],
  cuGetErrorString: ['int', P],
} as const satisfies Record<string, readonly string[]>;

type DriverFunction = (...args: unknown[]) => number;
/** The driver's functions that are used here, by their C names; each returns a code, 0 for success. */
export type DriverFunctions = Record<keyof typeof SIGNATURES, DriverFunction>;

/** @throws `BACKEND_UNAVAILABLE` where there is no driver */
export function declareDriver(koffi: typeof Koffi): DriverFunctions {
  try {
    const library = koffi.load(LIBRARY);
    const entries = Object.entries(SIGNATURES).map(([name, parameters]) => [
      name,
      library.func(name, 'int', [...parameters]),
    ]);
    return Object.fromEntries(entries) as DriverFunctions;
  } catch (cause) {
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `NVIDIA's driver (${LIBRARY}) cannot be loaded: ${cause instanceof Error ? cause.message : cause} Install it, or choose a backend that needs none: "dlcmp doctor" shows which can run.`,
      { cause },
    );
  }
}

/** Throws `BACKEND_UNAVAILABLE` with the driver's own words where a function's code is not 0. */
export type Check = (code: number, subject: string) => void;

export function createCheck(
  koffi: typeof Koffi,
  { cuGetErrorString }: Pick<DriverFunctions, 'cuGetErrorString'>,
): Check {
  return (code, subject) => {
    if (code === 0) return;
    const room = new BigUint64Array(1);
    cuGetErrorString(code, room);
    const message = room[0] ? koffi.decode(room[0], 'char', -1) : 'unknown error';
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `NVIDIA's driver refused ${subject}: ${message} (${code}). End what else uses the GPU, or choose another backend: "dlcmp doctor" shows which can run.`,
    );
  };
}

/** Calls `ask` with room for a pointer and returns what was written there. */
export function answer(
  check: Check,
  subject: string,
  ask: (room: BigUint64Array) => number,
): bigint {
  const room = new BigUint64Array(1);
  check(ask(room), subject);
  return room[0] as bigint;
}
