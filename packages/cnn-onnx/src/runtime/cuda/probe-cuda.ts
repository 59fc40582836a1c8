import type { Engine } from '@dlcmp/contract';
import { examineCuda } from '@dlcmp/cuda';
import { onnxRuntimeCuda } from './cuda-requirement';

/** Whether ONNX Runtime can compute on an NVIDIA GPU here. Loads nothing. */
export async function probeCuda(): ReturnType<Engine['probe']> {
  const { gpu, problem } = await examineCuda(onnxRuntimeCuda);
  if (problem || !gpu.available) {
    const { reason = '', remedy } = problem ?? {};
    return { available: false, reason, ...(remedy !== undefined && { remedy }) };
  }
  const [, version = ''] = onnxRuntimeCuda.framework.package.split('==');
  return {
    available: true,
    hardware: gpu.gpus[0]?.name ?? 'GPU',
    versions: { 'onnxruntime-gpu': version, 'NVIDIA driver': gpu.driverVersion },
  };
}
