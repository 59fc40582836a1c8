// This package's classifier, by its public interface. See contender.mjs in tooling/bench.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createCnnTfjs } from '../../dist/index.js';

const { path, count, side, classes, threads, batchSize } = JSON.parse(process.argv[2]);
const pixels = new Uint8Array(readFileSync(path));
const labels = new Int32Array(new Uint8Array(readFileSync(`${path}.labels`)).buffer);
const bytes = side * side * 3;

const adapter = createCnnTfjs();
const classifier = await adapter.create(
  {
    inputHeight: side,
    inputWidth: side,
    classNames: Array.from({ length: classes }, (_, index) => `class ${index}`),
    seed: 1,
  },
  { backend: process.argv[3] ?? 'tuned', threads },
);
const backend = (await adapter.probe()).find(({ name }) => name === (process.argv[3] ?? 'tuned'));
console.log(
  Object.entries(backend.versions)
    .join(', ')
    .replace(/,(?=\S)/g, ' '),
);

/** Trains an epoch of so many batches a turn: one `fit`, which waits for the next turn at each epoch's end. */
const training = trainInTurns();
await training.next(0);

async function* trainInTurns() {
  let batches = yield;
  for (;;) {
    const size = Math.min(count, batches * batchSize);
    let resume;
    let finish;
    const turn = () =>
      new Promise((resolve) => {
        resume = resolve;
      });
    let finished = new Promise((resolve) => {
      finish = resolve;
    });
    let start = performance.now();
    classifier.fit(
      { pixels: pixels.subarray(0, size * bytes), labels: labels.subarray(0, size), count: size },
      {
        epochs: 1_000_000,
        batchSize,
        onEpochEnd: async () => {
          finish((performance.now() - start) / 1000);
          await turn();
          start = performance.now();
        },
      },
    );
    for (;;) {
      const seconds = await finished;
      finished = new Promise((resolve) => {
        finish = resolve;
      });
      batches = yield seconds;
      resume();
    }
  }
}

async function infer(batches) {
  const size = Math.min(count, batches * batchSize);
  const start = performance.now();
  await classifier.predict(pixels.subarray(0, size * bytes), size);
  return (performance.now() - start) / 1000;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [phase, batches] = line.split(' ');
  console.log(
    phase === 'training'
      ? (await training.next(Number(batches))).value
      : await infer(Number(batches)),
  );
}
process.exit(0);
