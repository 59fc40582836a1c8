export { type AnswerDifference, compareAnswers, TOLERANCE } from './answers/compare-answers';
export { ImageClassifier } from './answers/image-classifier';
export { type Treatment, treatmentOf } from './answers/treatment';
export { findClassOrder } from './faults/class-order';
export { type Answering, type Explanation, explainDifference } from './faults/explain-difference';
export type { FaultId } from './faults/fault-id';
export { findModel, type ModelFile, type ModelFormat } from './formats/model-format';
export { ImageFiles } from './images/image-files';
export type { Labels } from './infer/answer-model';
export { type ExpectedAnswers, type InferPlan, inferModels } from './infer/infer-models';
export { judgePrecision, KEPT_SHARE, type PrecisionJudgement } from './precision/judge-precision';
export type { InferenceFigures, OpenedModel } from './process/messages';
export { ModelProcess } from './process/model-process';
export {
  type QuantizedModel,
  type QuantizeOptions,
  quantizeModel,
} from './quantize/quantize-model';
export { findRuntime, RUNTIMES, runtimesFor } from './runtimes';
export type { ModelRuntime, RunningModel, RuntimeId } from './runtimes/model-runtime';
