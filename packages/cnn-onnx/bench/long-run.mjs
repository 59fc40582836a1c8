/**
 * Whether a long run grows: trains for many steps and prints resident memory on the way.
 *
 *     pnpm --filter @dlcmp/cnn-onnx bench:long-run [STEPS] [SIZE] [BATCH] [NETWORK]
 *
 * Default 2,000 steps on images of 32×32 in batches of 32, of a network with batch normalisation and
 * dropout; NETWORK `simple-cnn` is the adapter's. Exits 1 where the second half grew by more
 * than 2 %.
 */
import { cnnOnnx, createSequentialClassifier } from '../dist/index.js';

const [numbers, [network]] = [process.argv.slice(2, 5), process.argv.slice(5)];
const [steps = 2000, size = 32, batchSize = 32] = numbers.map(Number);
const count = 8 * batchSize;
const epochs = Math.ceil(steps / 8);
const pixels = Uint8Array.from({ length: count * size * size * 3 }, () => Math.random() * 256);
const labels = Int32Array.from({ length: count }, (_, image) => image % 4);

const block = (name, channels) => [
  { type: 'conv2d', name, channels, kernelSize: 3, padding: 1, bias: false },
  { type: 'batchNorm', name: `${name}_norm` },
  { type: 'relu' },
  { type: 'maxPool', kernelSize: 2 },
];
const spec = {
  inputHeight: size,
  inputWidth: size,
  classNames: ['a', 'b', 'c', 'd'],
  seed: 1,
};
const sequential = {
  ...spec,
  layers: [
    ...block('conv1', 16),
    ...block('conv2', 32),
    { type: 'flatten' },
    { type: 'dense', name: 'fc1', units: 256 },
    { type: 'relu' },
    { type: 'dropout', name: 'dropout' },
    { type: 'dense', name: 'fc2', units: 'classes' },
  ],
};
const classifier =
  network === 'simple-cnn'
    ? await cnnOnnx.create(spec)
    : await createSequentialClassifier(sequential);

const samples = [];
const every = Math.max(Math.round(steps / 20), 1);
await classifier.fit(
  { pixels, labels, count },
  {
    epochs,
    batchSize,
    ...(network !== 'simple-cnn' && { gradientClipping: 1 }),
    onProgress: ({ completed }) => {
      if (completed % every !== 0) return;
      globalThis.gc?.();
      const mebibytes = process.memoryUsage.rss() / 2 ** 20;
      samples.push(mebibytes);
      console.log(`step ${String(completed).padStart(6)}   ${mebibytes.toFixed(1)} MiB resident`);
    },
  },
);
await classifier.dispose();

const half = samples.length / 2;
const highest = (values) => Math.max(...values);
const growth = highest(samples.slice(half)) / highest(samples.slice(half / 2, half)) - 1;
console.log(
  `highest of the second half against the second quarter: ${(100 * growth).toFixed(1)} %`,
);
process.exitCode = growth > 0.02 ? 1 : 0;
