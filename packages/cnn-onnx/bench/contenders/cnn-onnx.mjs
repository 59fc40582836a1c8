// This package's classifier, by its public interface; see contender.mjs in tooling/bench for the protocol. Arguments: an engine
// (default `blocks`), and the root of the checkout whose build it is (default this one).
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const { path, side, classes, threads, batchSize, network } = JSON.parse(process.argv[2]);
const engine = process.argv[3] ?? 'blocks';
const root = process.argv[4] ? `${process.argv[4]}/packages/cnn-onnx` : '../..';
const { cnnOnnx } = await import(`${root}/dist/index.js`);
const pixels = new Uint8Array(readFileSync(path));
const labels = new Int32Array(new Uint8Array(readFileSync(`${path}.labels`)).buffer);
const imageBytes = side * side * 3;
/** Inference skips features that are zero, of which an untrained network has fewer than any in use. */
const STEPS_BEFORE = 20;
const BATCH_BEFORE = 32;

const classNames = Array.from({ length: classes }, (_, index) => `class ${index}`);
const spec = { inputHeight: side, inputWidth: side, classNames, seed: 1, network };
const classifier = await cnnOnnx.create(spec, { engine, threads });
const [{ versions }] = await cnnOnnx.probe();
const maskLengths = Object.entries(classifier.network.masks).map(([name, { shape }]) => [
  name,
  shape.reduce((product, length) => product * length, 1),
]);
const phases = {
  async training(first, last) {
    const size = last - first;
    const masks = maskLengths.map(([name, length]) => [
      name,
      Uint8Array.from({ length: size * length }, () => Math.random() * 2),
    ]);
    await classifier.trainStep({
      pixels: pixels.subarray(first * imageBytes, last * imageBytes),
      labels: labels.subarray(first, last),
      masks: Object.fromEntries(masks),
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
