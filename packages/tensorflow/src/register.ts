/*
 * `import '@dlcmp/tensorflow/register'`: native TensorFlow as the backend `tensorflow` of the TensorFlow.js that this
 * package finds, for any program.
 */
import { createRequire } from 'node:module';
import { registerTensorFlow } from './register-tensorflow';
import type { TensorFlow } from './tensorflow-js';

const tensorFlow = registerTensorFlow(
  createRequire(import.meta.url)('@tensorflow/tfjs-core') as TensorFlow,
);

/** What tfjs-node has as `tf.node`: images, SavedModels, summaries for TensorBoard. */
export const node = tensorFlow.node;
/** What tfjs-node adds to `tf.io`: handlers of files and of HTTP requests. */
export const io = tensorFlow.io;
/** Version of the native library, which is loaded for it. */
export const version = tensorFlow.version;
