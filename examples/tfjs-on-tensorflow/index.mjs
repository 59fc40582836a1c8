// Any TensorFlow.js program on current native TensorFlow, in the place of @tensorflow/tfjs-node:
// learns y = 2x - 1, saves the model to a folder, and opens it again.

import { version } from '@dlcmp/tensorflow/register';
import tf from '@tensorflow/tfjs';

if (await tf.setBackend('tensorflow')) {
  console.log(`TensorFlow ${version()} under TensorFlow.js ${tf.version.tfjs}`);
} else {
  await tf.setBackend('cpu');
  console.log(
    'No native TensorFlow is installed (dlcmp setup tensorflow): plain JavaScript instead.',
  );
}

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: tf.train.adam(0.1), loss: 'meanSquaredError' });
const x = tf.tensor2d([-1, 0, 1, 2, 3, 4], [6, 1]);
const y = tf.tensor2d([-3, -1, 1, 3, 5, 7], [6, 1]);
await model.fit(x, y, { epochs: 200, verbose: 0 });

await model.save('file://model');
const opened = await tf.loadLayersModel('file://model/model.json');
const [prediction] = opened.predict(tf.tensor2d([10], [1, 1])).dataSync();
console.log(`y(10) is about ${prediction.toFixed(1)}`);
if (Math.abs(prediction - 19) > 0.5) throw new Error('It has not learnt that y = 2x - 1.');
