import { onnxRuntimeCuda } from '@dlcmp/cnn-onnx';
import type { CudaRequirement } from '@dlcmp/cuda';
import { tensorFlowCuda } from '@dlcmp/tensorflow';

/** What each adapter needs for NVIDIA's GPUs, by the name that users type. */
export const CUDA_REQUIREMENTS: Readonly<Record<string, CudaRequirement>> = {
  onnx: onnxRuntimeCuda,
  tfjs: tensorFlowCuda,
};
