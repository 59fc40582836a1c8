/**
 * How fast ONNX Runtime classifies with a model that another program exported, and what `loadOnnxClassifier` adds to it:
 *
 *     pnpm --filter @dlcmp/cnn-onnx bench:inference MODEL.onnx [--normalisation imagenet] [--activation softmax]
 *          [--layout NCHW|NHWC] [--height N --width N] [--threads N] [--batch-size 32] [--rounds 20]
 *
 * Prints images per second, batch by batch, and for single images, in turns: the time of the whole call, of the
 * preparation of its pixels alone, and of plain onnxruntime-node with ready values, as medians with spreads.
 * The images are a smooth pattern: give a real folder's to `dlcmp infer` where the data matter.
 */
import { parseArgs } from 'node:util';
import { createPreparation, imageTensorShape } from '@dlcmp/contract';
import * as onnxruntime from 'onnxruntime-node';
import { loadOnnxClassifier } from '../dist/index.js';

const text = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layout: text,
    normalisation: text,
    activation: text,
    height: text,
    width: text,
    threads: text,
    'batch-size': { ...text, default: '32' },
    rounds: { ...text, default: '20' },
  },
});
const [path, ...others] = positionals;
if (path === undefined || others.length > 0) {
  console.error('Usage: bench:inference MODEL.onnx [--normalisation NAME] [--activation NAME] …');
  process.exit(2);
}
const optional = (name, value) => (value === undefined ? {} : { [name]: Number(value) });
const batchSize = Number(values['batch-size']);
const rounds = Number(values.rounds);
const { layout, normalisation, activation } = values;

const classifier = await loadOnnxClassifier(path, {
  layout,
  normalisation,
  activation,
  batchSize,
  ...optional('inputHeight', values.height),
  ...optional('inputWidth', values.width),
  ...optional('threads', values.threads),
}).catch((error) => {
  console.error(error.message);
  process.exit(2);
});
const { model, inputSize } = classifier;
const imageBytes = inputSize.inputHeight * inputSize.inputWidth * 3;
const pixels = Uint8Array.from(
  { length: batchSize * imageBytes },
  (_, at) => 128 + 100 * Math.sin(at / 3000) + (at % 17),
);
const image = pixels.subarray(0, imageBytes);

/** Seconds of each of `works`, in turns, sorted. */
async function secondsOf(works, times) {
  const samples = works.map(() => []);
  for (let round = -3; round < times; round++) {
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      await work();
      if (round >= 0) samples[index].push((performance.now() - start) / 1000);
    }
  }
  return samples.map((sample) => sample.sort((a, b) => a - b));
}

const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
const [whole] = await secondsOf([() => classifier.predict(pixels, batchSize)], rounds);
const rate = (share) => (batchSize / quantile(whole, share)).toFixed(1);
console.log(
  `batches of ${batchSize}: ${rate(0.5)} images/s (${rate(0.75)} to ${rate(0.25)} in half of the rounds)`,
);

const session = await onnxruntime.InferenceSession.create(path, {
  executionProviders: ['cpu'],
  ...optional('intraOpNumThreads', values.threads),
});
const prepare = createPreparation(model);
const input = new onnxruntime.Tensor(
  model.elementType,
  prepare(image, 1),
  imageTensorShape(model, 1),
);
const [calls, preparations, plain] = await secondsOf(
  [
    () => classifier.predict(image, 1),
    () => prepare(image, 1),
    () => session.run({ [session.inputNames[0]]: input }, [model.output]),
  ],
  10 * rounds,
);
const ms = (sorted, share) => (1000 * quantile(sorted, share)).toFixed(2);
const line = (name, sorted) =>
  `${name}: p50 ${ms(sorted, 0.5)} ms, p90 ${ms(sorted, 0.9)} ms, p99 ${ms(sorted, 0.99)} ms`;
console.log(line('single images', calls));
console.log(line('  of it, preparation of pixels', preparations));
console.log(line('plain onnxruntime-node, values ready', plain));
const ratio = (quantile(calls, 0.5) - quantile(preparations, 0.5)) / quantile(plain, 0.5);
console.log(`without preparation, ${ratio.toFixed(2)} × of plain onnxruntime-node`);
await classifier.dispose();
await session.release();
