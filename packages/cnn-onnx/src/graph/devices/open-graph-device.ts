import type { Device, Engine } from '@dlcmp/contract';
import { openCuda } from '../../runtime/cuda/open-cuda';
import { probeCuda } from '../../runtime/cuda/probe-cuda';
import { openWebGpu } from '../../runtime/webgpu/open-webgpu';
import { probeWebGpu } from '../../runtime/webgpu/probe-webgpu';
import { createCudaGraphDevice } from './cuda-graph-device';
import type { GraphDevice } from './graph-device';
import { createWebGpuGraphDevice } from './webgpu-graph-device';

/**
 * A GPU that graphs run on.
 *
 * @throws `BACKEND_UNAVAILABLE` with what is missing and what would bring it
 */
export async function openGraphDevice(device: Exclude<Device, 'cpu'>): Promise<GraphDevice> {
  return device === 'cuda'
    ? createCudaGraphDevice(await openCuda())
    : createWebGpuGraphDevice(openWebGpu());
}

/** Whether ONNX Runtime can compute there. */
export function probeGraphDevice(device: Exclude<Device, 'cpu'>): ReturnType<Engine['probe']> {
  return device === 'cuda' ? probeCuda() : probeWebGpu();
}
