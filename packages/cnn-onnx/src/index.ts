import { createCnnOnnx } from './create-cnn-onnx';

export { type CnnOnnxOptions, createCnnOnnx } from './create-cnn-onnx';
export type { OnnxRuntimeModule } from './runtime/onnx-runtime';

/** The adapter with its defaults. */
export const cnnOnnx = createCnnOnnx();
