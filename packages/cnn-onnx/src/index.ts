import { type FineTune, fineTuneWith } from '@dlcmp/contract';
import { createCnnOnnx } from './adapter';

export {
  type AdamFamilyOptions,
  adam,
  adamW,
  type CosineScheduleOptions,
  constantSchedule,
  cosineSchedule,
  downloadWeights,
  type FineTuneOptions,
  type LearningRateSchedule,
  type OneCycleScheduleOptions,
  type OptimizerSpec,
  oneCycleSchedule,
  publishedWeights,
  type SgdOptions,
  sgd,
} from '@dlcmp/contract';
export { type CnnOnnxOptions, createCnnOnnx } from './adapter';
export { type LoadOnnxOptions, loadOnnxClassifier } from './load-onnx-classifier';
export { describeOnnxValue } from './onnx/describe-onnx-value';
export type { OnnxModelClassifier } from './onnx/onnx-model-classifier';
export { type ModelPrecision, type OnnxFile, readOnnxFile } from './onnx/read-onnx-file';
export { onnxRuntimeCuda } from './runtime/cuda/cuda-requirement';
export type { OnnxRuntimeModule } from './runtime/onnx-runtime';
export {
  type ComputeOptions,
  createSequentialClassifier,
  loadSequentialClassifier,
  type SequentialSpec,
} from './sequential-classifier';

/** The adapter with its defaults. */
export const cnnOnnx = createCnnOnnx();

/** Trains a network that begins with published weights, or with a file's, on images of one's own. */
export const fineTune: FineTune = fineTuneWith(cnnOnnx);
