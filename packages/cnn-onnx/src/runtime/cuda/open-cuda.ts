import { DlcmpError } from '@dlcmp/contract';
import {
  type CudaDriver,
  type DevicePointer,
  examineCuda,
  openCudaDriver,
  preloadLibraries,
} from '@dlcmp/cuda';
import { createDeviceRuntime, type DeviceRuntime } from '../c-api/device-session';
import { loadOrtLibrary } from '../c-api/ort-library';
import { onnxRuntimeCuda } from './cuda-requirement';

/** ONNX Runtime on an NVIDIA GPU: its graphs and copies are all queued on one stream. */
export interface CudaRuntime {
  readonly driver: CudaDriver;
  readonly stream: DevicePointer;
  readonly runtime: DeviceRuntime;
}

/** A runtime, and what kernels are compiled with. */
export interface OpenedCuda extends CudaRuntime {
  /** Path of NVRTC. */
  readonly nvrtc: string;
  /** Of the GPU: `9.0`. */
  readonly computeCapability: string;
}

let opened: Promise<OpenedCuda> | undefined;

/**
 * Loads CUDA's libraries and ONNX Runtime for the first NVIDIA GPU; all models of a process share them.
 *
 * @throws `BACKEND_UNAVAILABLE` with what is missing and the command that brings it
 */
export function openCuda(): Promise<OpenedCuda> {
  opened ??= load().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function load(): Promise<OpenedCuda> {
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
  return {
    driver,
    stream,
    runtime: createDeviceRuntime(loadOrtLibrary(framework.paths.at(-1) as string), { stream }),
    nvrtc: libraries.found.find(({ name }) => name === 'nvrtc')?.path ?? '',
    computeCapability: gpu.gpus[0]?.computeCapability ?? '',
  };
}
