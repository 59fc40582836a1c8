/** What is repeated to see whether the process grows: functions by their names. */
import { createRequire } from 'node:module';
import { registerTensorFlow } from '../../dist/index.js';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs');
const { node } = registerTensorFlow(tf);
await tf.setBackend('tensorflow');

const { layers } = tf;
const model = tf.sequential({
  layers: [
    layers.conv2d({ inputShape: [64, 64, 3], filters: 8, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 4, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
const pixels = new Float32Array(64 * 64 * 3).fill(0.5);
const values = new Float32Array(80_000);
const labels = tf.tensor2d([0, 1, 0, 0], [1, 4]);
const png = await node.encodePng(tf.fill([96, 96, 3], 100, 'int32'));

const images = () => tf.tensor4d(pixels, [1, 64, 64, 3]);

export const TASKS = {
  /** 0.3 MB a call go to TensorFlow. */
  async tensors() {
    tf.tidy(() => tf.sum(tf.tensor1d(values)).dataSync());
  },
  async predict() {
    tf.tidy(() => model.predict(images()).dataSync());
  },
  async decodeImage() {
    node.decodeImage(png).dispose();
  },
  async trainOnBatch() {
    const x = images();
    await model.trainOnBatch(x, labels);
    x.dispose();
  },
  /** One step, with callbacks and history. */
  async fit() {
    const x = images();
    await model.fit(x, labels, { epochs: 1, verbose: 0, yieldEvery: 'never' });
    x.dispose();
  },
};
