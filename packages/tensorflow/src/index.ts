export { tensorFlowCuda } from './library/cuda-requirement';
export type {
  NodeApi,
  NodeIo,
  SummaryFileWriter,
  TensorBoardCallbackArgs,
  TFSavedModel,
} from './node-api';
export {
  type RegisteredTensorFlow,
  type RegisterOptions,
  registerTensorFlow,
} from './register-tensorflow';
export {
  loadSavedModel,
  type SavedModelClassifier,
  type SavedModelOptions,
} from './saved-model/load-saved-model';
export type { PixelRange } from './saved-model/pixel-converter';
export type { TensorFlow } from './tensorflow-js';
