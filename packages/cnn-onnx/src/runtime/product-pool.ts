import { KernelPool } from '@dlcmp/kernels';
import { NATIVE_MULTIPLY } from '../kernel-files';
import { createFunctions } from './native-multiply';

/** Kernels on so many threads, each of which can have ONNX Runtime multiply matrices: `multiplyNatively`. */
export function createProductPool(
  memory: WebAssembly.Memory,
  threads: number,
): Promise<KernelPool> {
  return KernelPool.create(memory, threads, { module: NATIVE_MULTIPLY, createFunctions });
}
