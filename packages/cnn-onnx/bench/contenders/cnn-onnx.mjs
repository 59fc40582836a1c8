// This package's classifier, by its public interface; see contender.mjs in tooling/bench for the protocol.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cnnOnnx } from '../../dist/index.js';

const { path, side, classes, threads, batchSize } = JSON.parse(process.argv[2]);
const pixels = new Uint8Array(readFileSync(path));
const labels = new Int32Array(new Uint8Array(readFileSync(`${path}.labels`)).buffer);
const imageBytes = side * side * 3;
const HIDDEN_UNITS = 512;
/** Inference skips features that are zero, of which an untrained network has fewer than any in use. */
const STEPS_BEFORE = 20;
const BATCH_BEFORE = 32;

const classNames = Array.from({ length: classes }, (_, index) => `class ${index}`);
const spec = { inputHeight: side, inputWidth: side, classNames, seed: 1 };
const classifier = await cnnOnnx.create(spec, { backend: 'cpu', threads });
const [{ versions }] = await cnnOnnx.probe();
const phases = {
  async training(first, last) {
    const size = last - first;
    await classifier.trainStep({
      pixels: pixels.subarray(first * imageBytes, last * imageBytes),
      labels: labels.subarray(first, last),
      masks: { dropout: Uint8Array.from({ length: size * HIDDEN_UNITS }, () => Math.random() * 2) },
      size,
    });
  },
  inference: (first, last) =>
    classifier.predictLogits(pixels.subarray(first * imageBytes, last * imageBytes), last - first),
};

for (let step = 0; step < STEPS_BEFORE; step++) {
  const first = (step * BATCH_BEFORE) % (labels.length - BATCH_BEFORE + 1);
  await phases.training(first, first + BATCH_BEFORE);
}
console.log(JSON.stringify(versions));

for await (const line of createInterface({ input: process.stdin })) {
  const [phase, batches] = line.split(' ');
  const start = performance.now();
  for (let batch = 0; batch < batches; batch++) {
    const first = (batch * batchSize) % (labels.length - batchSize + 1);
    await phases[phase](first, first + batchSize);
  }
  console.log((performance.now() - start) / 1000);
}
process.exit(0);
