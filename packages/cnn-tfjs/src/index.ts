export { tensorFlowCuda } from './backends/tensorflow/library/cuda-requirement';
export {
  type RegisteredTensorFlow,
  type RegisterOptions,
  registerTensorFlow,
} from './backends/tensorflow/register';
export { type CnnTfjsOptions, cnnTfjs, createCnnTfjs } from './create-cnn-tfjs';
export {
  loadSavedModel,
  type SavedModelClassifier,
  type SavedModelOptions,
} from './saved-model/load-saved-model';
export type { PixelRange } from './saved-model/pixel-converter';
