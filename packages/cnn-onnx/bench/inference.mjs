/**
 * How fast ONNX Runtime classifies with a model that another program exported:
 *
 *     pnpm --filter @dlcmp/cnn-onnx bench:inference MODEL.onnx --layout NCHW|NHWC
 *          [--height N --width N] [--threads N] [--batch-size 32] [--rounds 20]
 *
 * Prints images per second, batch by batch, and the latency of single images, as medians with spreads.
 * The images are a smooth pattern: give a real folder's to `dlcmp bench` where the data matter.
 */
import { parseArgs } from 'node:util';
import { loadOnnxClassifier } from '../dist/index.js';

const number = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layout: { type: 'string' },
    height: number,
    width: number,
    threads: number,
    'batch-size': { ...number, default: '32' },
    rounds: { ...number, default: '20' },
  },
});
if (positionals.length !== 1 || values.layout === undefined) {
  console.error('Usage: bench:inference MODEL.onnx --layout NCHW|NHWC [--height N --width N]');
  process.exit(2);
}
const optional = (name, value) => (value === undefined ? {} : { [name]: Number(value) });
const batchSize = Number(values['batch-size']);
const rounds = Number(values.rounds);

const classifier = await loadOnnxClassifier(positionals[0], {
  layout: values.layout,
  batchSize,
  ...optional('inputHeight', values.height),
  ...optional('inputWidth', values.width),
  ...optional('threads', values.threads),
}).catch((error) => {
  console.error(error.message);
  process.exit(2);
});
const { inputHeight, inputWidth } = classifier.inputSize;
const imageBytes = inputHeight * inputWidth * 3;
const pixels = Uint8Array.from(
  { length: batchSize * imageBytes },
  (_, at) => 128 + 100 * Math.sin(at / 3000) + (at % 17),
);

async function seconds(count, times) {
  const images = pixels.subarray(0, count * imageBytes);
  for (let i = 0; i < 3; i++) await classifier.predict(images, count);
  const samples = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await classifier.predict(images, count);
    samples.push((performance.now() - start) / 1000);
  }
  return samples.sort((a, b) => a - b);
}

const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
const whole = await seconds(batchSize, rounds);
const rate = (share) => (batchSize / quantile(whole, share)).toFixed(1);
console.log(
  `batches of ${batchSize}: ${rate(0.5)} images/s (${rate(0.75)} to ${rate(0.25)} in half of the rounds)`,
);
const single = await seconds(1, 10 * rounds);
const ms = (share) => (1000 * quantile(single, share)).toFixed(2);
console.log(`single images: p50 ${ms(0.5)} ms, p90 ${ms(0.9)} ms, p99 ${ms(0.99)} ms`);
await classifier.dispose();
