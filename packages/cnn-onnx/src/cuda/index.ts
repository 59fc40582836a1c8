import type { Engine } from '@dlcmp/contract';
import { createDeviceEngine } from '../devices/device-engine';
import { probeCuda } from '../runtime/cuda/probe-cuda';
import { type CudaEngine, openCudaEngine } from './cuda-engine';
import { openCudaNetwork } from './open-cuda-network';

/** `simple-cnn` on the first NVIDIA GPU; all models of a process share one library. */
export const cudaEngine: Engine = createCudaEngine(openCudaEngine);

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
