import { DlcmpError, type Engine } from '@dlcmp/contract';
import { probeCuda } from '../runtime/cuda/probe-cuda';
import { type CudaEngine, openCudaEngine } from './cuda-engine';
import { CudaModel } from './cuda-model';
import { planNetwork } from './plan-network';

/**
 * Networks that begin with convolution blocks, on the first NVIDIA GPU: cuDNN and cuBLAS through ONNX Runtime, and CUDA
 * kernels of dlcmp between them. All models of a process share one library.
 */
export const cudaEngine: Engine = createCudaEngine(openCudaEngine);

/** @param open NVIDIA's and ONNX Runtime's libraries with the compiled kernels */
export function createCudaEngine(
  open: () => Promise<CudaEngine>,
  probe: Engine['probe'] = probeCuda,
): Engine {
  return {
    id: 'cuda',
    title: 'ONNX Runtime with CUDA kernels of dlcmp',
    ...{ devices: ['cuda'], optimizers: ['adam'], clipsGradients: false },
    computedBy: [
      { part: 'convolution', by: 'framework', what: 'cuDNN through ONNX Runtime’s Conv' },
      { part: 'matrix products', by: 'framework', what: 'cuBLAS through ONNX Runtime' },
      { part: 'pooling', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
      { part: 'activations', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
      { part: 'loss', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'optimiser', by: 'dlcmp', what: 'CUDA kernels of dlcmp' },
    ],
    probe,
    supports: (network) => {
      const plan = planNetwork(network);
      return typeof plan === 'string' ? plan : true;
    },
    open: async (network) => {
      const plan = planNetwork(network);
      if (typeof plan === 'string')
        throw new DlcmpError(
          'INVALID_ARGUMENT',
          `The engine cuda cannot compute it: ${plan}. Choose another engine, such as onnx:graph@cuda.`,
        );
      return new CudaModel(await open(), plan);
    },
  };
}
