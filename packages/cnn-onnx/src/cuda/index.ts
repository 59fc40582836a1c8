import type { Engine } from '@dlcmp/contract';
import { examineCuda } from '@dlcmp/cuda';
import { createDeviceEngine, engineProbe } from '../devices/device-engine';
import { onnxRuntimeCuda } from '../runtime/cuda/cuda-requirement';
import { type CudaEngine, openCudaEngine } from './cuda-engine';
import { openCudaNetwork } from './open-cuda-network';

let opened: Promise<CudaEngine> | undefined;

/** `simple-cnn` on the first NVIDIA GPU; all models of a process share one library. */
export const cudaEngine: Engine = createCudaEngine(() => {
  opened ??= openCudaEngine().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
});

/** @param open NVIDIA's and ONNX Runtime's libraries with the compiled kernels */
export function createCudaEngine(
  open: () => Promise<CudaEngine>,
  probe: Engine['probe'] = probeCuda,
): Engine {
  return createDeviceEngine({
    id: 'cuda',
    title: 'ONNX Runtime with CUDA kernels of dlcmp',
    device: 'cuda',
    computedBy: [
      { part: 'convolution', by: 'framework', what: 'cuDNN through ONNX Runtime’s Conv' },
      { part: 'matrix products', by: 'framework', what: 'cuBLAS through ONNX Runtime' },
      { part: 'pooling', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
      { part: 'activations', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
      { part: 'loss', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
      { part: 'optimiser', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
    ],
    probe: () => probe('cuda'),
    open: async (spec) => openCudaNetwork(await open(), spec),
  });
}

/** Whether ONNX Runtime can compute on an NVIDIA GPU here. Loads nothing. */
async function probeCuda(): ReturnType<Engine['probe']> {
  const { gpu, problem } = await examineCuda(onnxRuntimeCuda);
  if (problem || !gpu.available) return engineProbe({ reason: '', ...problem });
  const [, version = ''] = onnxRuntimeCuda.framework.package.split('==');
  return {
    available: true,
    hardware: gpu.gpus[0]?.name ?? 'GPU',
    versions: { 'onnxruntime-gpu': version, 'NVIDIA driver': gpu.driverVersion },
  };
}
