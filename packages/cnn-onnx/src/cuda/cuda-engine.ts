import { DlcmpError } from '@dlcmp/contract';
import {
  type CudaDriver,
  type DevicePointer,
  examineCuda,
  openCudaDriver,
  preloadLibraries,
} from '@dlcmp/cuda';
import { createDeviceRuntime, type DeviceRuntime } from '../runtime/c-api/device-session';
import { loadOrtLibrary } from '../runtime/c-api/ort-library';
import { onnxRuntimeCuda } from '../runtime/cuda/cuda-requirement';
import { type CudaKernels, createCudaKernels } from './cuda-kernels';

/** The GPU, ready to compute: ONNX Runtime, our kernels and copies, all queued on one stream. */
export interface CudaEngine {
  readonly driver: CudaDriver;
  readonly stream: DevicePointer;
  readonly runtime: DeviceRuntime;
  readonly kernels: CudaKernels;
}

/**
 * Loads CUDA's libraries and ONNX Runtime, and compiles the kernels.
 *
 * @throws `BACKEND_UNAVAILABLE` with what is missing and the command that brings it
 */
export async function openCudaEngine(): Promise<CudaEngine> {
  const { problem, framework, libraries, gpu } = await examineCuda(onnxRuntimeCuda);
  if (problem || !framework || !gpu.available) {
    const { reason = '', remedy = '' } = problem ?? {};
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `ONNX Runtime cannot use a GPU: ${reason} ${remedy}`.trim(),
    );
  }
  preloadLibraries(libraries.found.map(({ path }) => path));
  const driver = openCudaDriver();
  const stream = driver.createStream();
  const nvrtc = libraries.found.find(({ name }) => name === 'nvrtc')?.path ?? '';
  const computeCapability = gpu.gpus[0]?.computeCapability ?? '';
  return {
    driver,
    stream,
    runtime: createDeviceRuntime(loadOrtLibrary(framework.paths.at(-1) as string), { stream }),
    kernels: createCudaKernels(driver, stream, { nvrtc, computeCapability }),
  };
}
