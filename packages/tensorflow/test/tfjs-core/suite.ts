/** TensorFlow.js core's own tests on our native backend, bundled into one file by `run.mjs`. */
import * as tf from '@tensorflow/tfjs-core/dist/index';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { registerTensorFlow } from '../../src/register-tensorflow';
import type { TensorFlow } from '../../src/tensorflow-js';

const { version } = registerTensorFlow(tf as unknown as TensorFlow);
tf.setBackend('tensorflow');
setTestEnvs([{ name: 'test-tensorflow', backendName: 'tensorflow', flags: {}, isDataSync: true }]);
console.log(`TensorFlow ${version()}`);

require('@tensorflow/tfjs-core/dist/tests');
