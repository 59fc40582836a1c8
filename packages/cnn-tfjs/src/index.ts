export {
  type RegisteredTensorFlow,
  type RegisterOptions,
  registerTensorFlow,
} from './backends/tensorflow/register';
export { type CnnTfjsOptions, cnnTfjs, createCnnTfjs } from './create-cnn-tfjs';
