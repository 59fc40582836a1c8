export {
  type BaselineRfAdapter,
  baselineRf,
  createBaselineRf,
  type ExactBaselineRfOptions,
  type MlBaselineRfOptions,
} from './baseline-rf';
export type { ExactOptions } from './exact/exact-engine';
export type { ExportOnnxOptions } from './exact/export-onnx';
export type { ClassWeight, RandomForestParameters } from './exact/parameters';
export {
  RandomForestClassifier,
  type RandomForestFitOptions,
} from './exact/random-forest-classifier';
export type { TrainedForest } from './forest-engine';
export type { ForestImageClassifier } from './forest-image-classifier';
export type { MaxFeatures } from './max-features';
export type { MlRandomForestOptions } from './ml-random-forest/options';
