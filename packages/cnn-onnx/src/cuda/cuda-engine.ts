import { type CudaRuntime, openCuda } from '../runtime/cuda/open-cuda';
import { type CudaKernels, createCudaKernels } from './cuda-kernels';

/** The GPU, ready to compute: ONNX Runtime, our kernels and copies, all queued on one stream. */
export interface CudaEngine extends CudaRuntime {
  readonly kernels: CudaKernels;
}

let opened: Promise<CudaEngine> | undefined;

/**
 * Opens ONNX Runtime on the GPU, and compiles the kernels once for a process.
 *
 * @throws `BACKEND_UNAVAILABLE` with what is missing and the command that brings it
 */
export function openCudaEngine(): Promise<CudaEngine> {
  opened ??= load().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function load(): Promise<CudaEngine> {
  const cuda = await openCuda();
  return { ...cuda, kernels: createCudaKernels(cuda.driver, cuda.stream, cuda) };
}
