import { onnxRuntimeCuda } from '@dlcmp/cnn-onnx';
import { tensorFlowCuda } from '@dlcmp/cnn-tfjs';
import type { CudaRequirement } from '@dlcmp/cuda';

/** What each adapter needs for NVIDIA's GPUs, by the name that users type. */
export const CUDA_REQUIREMENTS: Readonly<Record<string, CudaRequirement>> = {
  onnx: onnxRuntimeCuda,
  tfjs: tensorFlowCuda,
};
