/** A worker thread that predicts with each SavedModel it is told of, and posts what the models answered. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { registerTensorFlow } from '../../dist/index.js';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
const { node } = registerTensorFlow(tf);
await tf.setBackend('tensorflow');

const answers = [];
for (const { directory, values, dtype } of workerData) {
  const model = await node.loadSavedModel(directory);
  const output = model.predict(tf.tensor1d(values, dtype));
  answers.push([...output.dataSync()]);
  model.dispose();
}
parentPort.postMessage(answers);
