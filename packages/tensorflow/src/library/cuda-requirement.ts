import type { CudaRequirement } from '@dlcmp/cuda';

/** TensorFlow for NVIDIA's GPUs: its official wheel, and what that loads by name. */
export const tensorFlowCuda: CudaRequirement = {
  consumer: 'TensorFlow',
  major: 12,
  libraries: [
    ...(['cudart', 'nvJitLink', 'cublasLt', 'cublas', 'cufft', 'curand'] as const),
    ...(['cusparse', 'cusolver', 'nvrtc', 'cupti', 'cudnn'] as const),
  ],
  framework: {
    package: 'tensorflow==2.21.0',
    megabytes: 573,
    licence: 'Apache-2.0',
    files: ['tensorflow/libtensorflow_framework.so.2', 'tensorflow/libtensorflow_cc.so.2'],
  },
};
