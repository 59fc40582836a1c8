import { createCnnOnnx } from './create-cnn-onnx';

export {
  type AdamFamilyOptions,
  adam,
  adamW,
  type CosineScheduleOptions,
  constantSchedule,
  cosineSchedule,
  type LearningRateSchedule,
  type OneCycleScheduleOptions,
  type OptimizerSpec,
  oneCycleSchedule,
  type SgdOptions,
  sgd,
} from '@dlcmp/contract';
export { onnxRuntimeCuda } from './backends/cuda/cuda-requirement';
export type { OnnxModelClassifier } from './classifier/onnx-model-classifier';
export type { SequentialClassifier } from './classifier/sequential-classifier';
export type { SequentialSpec } from './classifier/sequential-spec';
export type { SequentialFitOptions } from './classifier/training-run';
export { type CnnOnnxOptions, createCnnOnnx } from './create-cnn-onnx';
export {
  type ComputeOptions,
  createSequentialClassifier,
  loadSequentialClassifier,
} from './create-sequential-classifier';
export { type LoadOnnxOptions, loadOnnxClassifier } from './load-onnx-classifier';
export type { ImageLayout } from './model/preprocessing-model';
export type { OnnxRuntimeModule } from './runtime/onnx-runtime';

/** The adapter with its defaults. */
export const cnnOnnx = createCnnOnnx();
