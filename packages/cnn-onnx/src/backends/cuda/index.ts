import type { BackendProbe, CnnClassifier, ModelSpec } from '@dlcmp/contract';
import { examineCuda } from '@dlcmp/cuda';
import { DeviceClassifier } from '../device-classifier';
import { type CudaEngine, openCudaEngine } from './cuda-engine';
import { onnxRuntimeCuda } from './cuda-requirement';
import { openCudaNetwork } from './open-cuda-network';

export const CUDA_BACKEND = 'cuda';

/** Whether ONNX Runtime can compute on an NVIDIA GPU here. Loads nothing. */
export async function probeCuda(): Promise<BackendProbe> {
  const name = CUDA_BACKEND;
  const { gpu, problem } = await examineCuda(onnxRuntimeCuda);
  if (problem || !gpu.available) return { name, available: false, reason: '', ...problem };
  const [, version = ''] = onnxRuntimeCuda.framework.package.split('==');
  return {
    name,
    available: true,
    device: gpu.gpus[0]?.name ?? 'GPU',
    versions: { 'onnxruntime-gpu': version, 'NVIDIA driver': gpu.driverVersion },
  };
}

let engine: Promise<CudaEngine> | undefined;

/**
 * A classifier on the first NVIDIA GPU; all of a process share one engine.
 *
 * @throws `BACKEND_UNAVAILABLE`, `INVALID_ARGUMENT`
 */
export async function createCudaClassifier(spec: ModelSpec): Promise<CnnClassifier> {
  engine ??= openCudaEngine().catch((error) => {
    engine = undefined;
    throw error;
  });
  return new DeviceClassifier(spec, CUDA_BACKEND, openCudaNetwork(await engine, spec));
}
