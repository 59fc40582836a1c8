import type { CudaRequirement } from '@dlcmp/cuda';

/** ONNX Runtime for NVIDIA's GPUs: its official wheel, of onnxruntime-node's version, and what that stands on. */
export const onnxRuntimeCuda: CudaRequirement = {
  consumer: 'ONNX Runtime',
  major: 13,
  libraries: ['cudart', 'cublasLt', 'cublas', 'cufft', 'curand', 'nvrtc', 'cudnn'],
  framework: {
    package: 'onnxruntime-gpu==1.30.0',
    megabytes: 247,
    licence: 'MIT',
    files: [
      'onnxruntime/capi/libonnxruntime_providers_shared.so',
      'onnxruntime/capi/libonnxruntime_providers_cuda.so',
      'onnxruntime/capi/libonnxruntime.so.1.30.0',
    ],
  },
};
