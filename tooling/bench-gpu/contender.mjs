/* One contender of `bench-gpu.mjs`: prints its median images per second as JSON. */
import { createRequire } from 'node:module';

const [task, batchText, name] = process.argv.slice(2);
const batch = Number(batchText);
const SIDE = 150;
const CLASSES = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street'];
const EPOCHS = 6;
const count = Math.max(2048, 8 * batch);
const bytes = SIDE * SIDE * 3;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const report = (rates) => console.log(JSON.stringify({ imagesPerSecond: median(rates) }));

/** Noise (Numerical Recipes' linear congruential generator): what an image shows doesn't change how long it takes. */
function noise() {
  const pixels = new Uint8Array(count * bytes);
  let state = 1;
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    pixels[at] = state >>> 24;
  }
  const labels = Int32Array.from({ length: count }, (_, image) => image % CLASSES.length);
  return { pixels, labels, count };
}

/** Adapters by the contender's name, and the backend that computes. */
const ADAPTERS = {
  onnx: { package: 'cnn-onnx', adapter: 'cnnOnnx', backend: 'cuda' },
  tfjs: { package: 'cnn-tfjs', adapter: 'cnnTfjs', backend: 'tuned@cuda' },
  'onnx:webgpu': { package: 'cnn-onnx', adapter: 'cnnOnnx', backend: 'webgpu' },
  'tfjs:webgpu': { package: 'cnn-tfjs', adapter: 'cnnTfjs', backend: 'webgpu' },
};

async function openAdapter() {
  const spec = { inputHeight: SIDE, inputWidth: SIDE, classNames: CLASSES, seed: 1 };
  const { package: folder, adapter, backend } = ADAPTERS[name];
  const module = await import(`../../packages/${folder}/dist/index.js`);
  return module[adapter].create(spec, { backend });
}

async function train() {
  const classifier = await openAdapter();
  const rates = [];
  let start = performance.now();
  await classifier.fit(noise(), {
    epochs: EPOCHS,
    batchSize: batch,
    augmentation: 'none',
    onEpochEnd: ({ epoch }) => {
      if (epoch > 1) rates.push((1000 * count) / (performance.now() - start));
      start = performance.now();
    },
  });
  report(rates);
}

async function predict() {
  const classifier = await openAdapter();
  const images = noise();
  await classifier.fit(
    {
      ...images,
      count: 32,
      pixels: images.pixels.subarray(0, 32 * bytes),
      labels: images.labels.subarray(0, 32),
    },
    { epochs: 1 },
  );
  const rates = [];
  for (let round = 0; round < 12; round++) {
    const start = performance.now();
    for (let at = 0; at < count; at += batch) {
      await classifier.predict(images.pixels.subarray(at * bytes, (at + batch) * bytes), batch);
    }
    if (round > 1) rates.push((1000 * count) / (performance.now() - start));
  }
  report(rates);
}

/** A plain tf.layers model and model.fit on the native backend, its images on the GPU already. */
async function trainLayers() {
  const require = createRequire(new URL('../../packages/tensorflow/package.json', import.meta.url));
  const tf = require('@tensorflow/tfjs');
  const { registerTensorFlow } = await import('../../packages/tensorflow/dist/index.js');
  registerTensorFlow(tf, { device: 'GPU' });
  await tf.setBackend('tensorflow');
  await tf.ready();
  const { layers, sequential } = tf;
  const model = sequential({
    layers: [
      layers.inputLayer({ inputShape: [SIDE, SIDE, 3] }),
      ...[32, 64, 128].flatMap((filters) => [
        layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu' }),
        layers.maxPooling2d({ poolSize: 2 }),
      ]),
      layers.flatten(),
      layers.dense({ units: 512, activation: 'relu' }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: CLASSES.length, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
  const images = tf.randomUniform([count, SIDE, SIDE, 3], 0, 1, 'float32', 1);
  const indices = Array.from({ length: count }, (_, image) => image % CLASSES.length);
  const labels = tf.oneHot(tf.tensor1d(indices, 'int32'), CLASSES.length);
  const rates = [];
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const start = performance.now();
    await model.fit(images, labels, { epochs: 1, batchSize: batch, verbose: 0 });
    if (epoch > 1) rates.push((1000 * count) / (performance.now() - start));
  }
  report(rates);
}

if (task === 'predict') await predict();
else await (name === 'layers' ? trainLayers() : train());
process.exit(0);
