import {
  type CompileOptions,
  type CudaDriver,
  compileKernels,
  type DevicePointer,
} from '@dlcmp/cuda';
import { KERNEL_NAMES, KERNELS, type KernelName } from './kernels';

/** A parameter of a kernel: an address, a whole number, or a float32. */
export type KernelParameter =
  | DevicePointer
  | { readonly count: number }
  | { readonly float: number };

/** Queues kernels on a stream. */
export interface CudaKernels {
  /** One thread for each of `count` values. */
  overValues(name: KernelName, count: number, ...parameters: KernelParameter[]): void;
  /** One block for each of `count` rows. */
  overRows(name: KernelName, count: number, ...parameters: KernelParameter[]): void;
}

const THREADS = 256;

/** Compiles the kernels for the GPU at hand. */
export function createCudaKernels(
  driver: CudaDriver,
  stream: DevicePointer,
  options: CompileOptions,
): CudaKernels {
  const code = compileKernels(KERNELS, options);
  const kernels = new Map(KERNEL_NAMES.map((name) => [name, driver.loadKernel(code, name)]));
  const launch = (name: KernelName, blocks: number, parameters: readonly KernelParameter[]) =>
    driver.launch(
      ...([kernels.get(name) as DevicePointer, blocks, THREADS] as const),
      parameters.map(toBytes),
      stream,
    );
  return {
    overValues: (name, count, ...parameters) =>
      launch(name, Math.ceil(count / THREADS), parameters),
    overRows: (name, count, ...parameters) => launch(name, count, parameters),
  };
}

function toBytes(parameter: KernelParameter): ArrayBufferView {
  if (typeof parameter === 'bigint') return BigUint64Array.of(parameter);
  return 'count' in parameter ? Uint32Array.of(parameter.count) : Float32Array.of(parameter.float);
}
