// A plain tf.layers model on TensorFlow.js's WebAssembly backend as it is shipped. See ../wasm.mjs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { layersModel } from '../../../tensorflow/bench/layers-model.mjs';

const { path, side, classes, batchSize } = JSON.parse(process.argv[2]);
const pixels = readFileSync(path);
const labels = new Int32Array(new Uint8Array(readFileSync(`${path}.labels`)).buffer);
const bytes = side * side * 3;

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const { version_wasm: version } = require('@tensorflow/tfjs-backend-wasm');
await tf.setBackend('wasm');

/**
 * The filter's gradient, which the backend lacks, for stride 1 and padding `same`: for each of its positions, the
 * product of the shifted image with the gradient.
 */
tf.registerKernel({
  kernelName: tf.Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc({ inputs: { x, dy }, attrs: { filterShape } }) {
    const [height, width, inputs, outputs] = filterShape;
    const [count, rows, columns] = dy.shape;
    return tf.tidy(() => {
      const margins = [0, (height - 1) / 2, (width - 1) / 2, 0].map((size) => [size, size]);
      const padded = tf.pad(x, margins);
      const gradient = tf.reshape(dy, [-1, outputs]);
      const products = [];
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const shifted = tf.slice(padded, [0, row, column, 0], [count, rows, columns, inputs]);
          products.push(tf.matMul(tf.reshape(shifted, [-1, inputs]), gradient, true, false));
        }
      }
      return tf.reshape(tf.stack(products), filterShape);
    });
  },
});

const model = layersModel(tf, side, classes);

function batch(count) {
  const images = tf.tensor4d(Float32Array.from(pixels.subarray(0, count * bytes)), [
    count,
    side,
    side,
    3,
  ]);
  return {
    images: tf.div(images, 255),
    labels: tf.oneHot(tf.tensor1d(labels.slice(0, count), 'int32'), classes),
  };
}

async function training(count) {
  const { images, labels: targets } = batch(count);
  const start = performance.now();
  await model.fit(images, targets, { batchSize, verbose: 0, shuffle: false });
  return (performance.now() - start) / 1000;
}

async function inference(count) {
  const { images } = batch(count);
  const start = performance.now();
  model.predict(images, { batchSize }).dataSync();
  return (performance.now() - start) / 1000;
}

console.log(`@tensorflow/tfjs-backend-wasm ${version}`);
const phases = { training, inference };
for await (const line of createInterface({ input: process.stdin })) {
  const [phase, batches] = line.split(' ');
  tf.engine().startScope();
  console.log(await phases[phase](Number(batches) * batchSize));
  tf.engine().endScope();
}
process.exit(0);
