// Fits this package's forest on a matrix of bytes; prints one line of JSON. See sklearn.mjs.
import { readFileSync } from 'node:fs';
import { RandomForestClassifier } from '../dist/index.js';

const settings = JSON.parse(process.argv[2]);

function read(path) {
  const labels = readFileSync(`${path}.labels`);
  return {
    values: readFileSync(path),
    labels: new Int32Array(
      labels.buffer.slice(labels.byteOffset, labels.byteOffset + labels.length),
    ),
  };
}

const train = read(settings.train);
const test = read(settings.test);
const forest = new RandomForestClassifier({ nEstimators: settings.trees, seed: settings.seed });
const cpuStarted = process.cpuUsage();
const started = performance.now();
await forest.fit(
  train.values.subarray(0, settings.rows * settings.features),
  train.labels.subarray(0, settings.rows),
  { threads: settings.threads },
);
const fitted = performance.now();
const cpu = process.cpuUsage(cpuStarted);
const predicted = forest.predict(test.values);
const ended = performance.now();
const right = predicted.filter((label, row) => label === test.labels[row]).length;
console.log(
  JSON.stringify({
    version: '@dlcmp/baseline-rf',
    fitSeconds: (fitted - started) / 1000,
    fitCpuSeconds: (cpu.user + cpu.system) / 1e6,
    predictSeconds: (ended - fitted) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    accuracy: right / predicted.length,
  }),
);
