import type { CnnClassifier, ModelSpec } from '@dlcmp/contract';
import type { WebGpuRuntime } from '../../runtime/c-api/webgpu-runtime';
import { DeviceClassifier } from '../device-classifier';
import { openWebGpuRuntime } from './webgpu-engine';
import { openWebGpuNetwork } from './webgpu-network';

export { probeWebGpu } from './probe-webgpu';

export const WEBGPU_BACKEND = 'webgpu';

let runtime: WebGpuRuntime | undefined;

/**
 * A classifier on the GPU that WebGPU offers; all of a process share one runtime.
 *
 * @throws `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`, `INVALID_ARGUMENT`
 */
export async function createWebGpuClassifier(spec: ModelSpec): Promise<CnnClassifier> {
  runtime ??= openWebGpuRuntime();
  return new DeviceClassifier(spec, WEBGPU_BACKEND, openWebGpuNetwork(runtime, spec));
}
