import { createCnnOnnx } from './create-cnn-onnx';

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
export {
  type AdamFamilyOptions,
  adam,
  adamW,
  type OptimizerSpec,
  type SgdOptions,
  sgd,
} from './optimizers/optimizer-options';
export type { OnnxRuntimeModule } from './runtime/onnx-runtime';
export { type CosineScheduleOptions, cosineSchedule } from './schedules/cosine-schedule';
export { constantSchedule, type LearningRateSchedule } from './schedules/learning-rate-schedule';
export { type OneCycleScheduleOptions, oneCycleSchedule } from './schedules/one-cycle-schedule';

/** The adapter with its defaults. */
export const cnnOnnx = createCnnOnnx();
