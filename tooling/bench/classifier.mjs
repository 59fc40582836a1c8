// A classifier of one of the adapters, by its public interface: `fit` and `predict`; see contender.mjs for the protocol.
// Arguments: a package, the options of `create` as JSON, and the root of the checkout whose build it is (default this one).
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { path, count, side, classes, threads, batchSize, network } = JSON.parse(process.argv[2]);
const [name, options = '{}', root] = process.argv.slice(3);
const base = root ? pathToFileURL(`${root}/`) : new URL('../../', import.meta.url);
const adapters = await import(new URL(`packages/${name}/dist/index.js`, base));
const adapter = adapters.cnnOnnx ?? adapters.cnnTfjs ?? adapters.baselineRf;

const pixels = new Uint8Array(readFileSync(path));
const labels = new Int32Array(new Uint8Array(readFileSync(`${path}.labels`)).buffer);
const bytes = side * side * 3;
const first = (images) => ({
  pixels: pixels.subarray(0, images * bytes),
  labels: labels.subarray(0, images),
  count: images,
});

const classNames = Array.from({ length: classes }, (_, index) => `class ${index}`);
const spec = { inputHeight: side, inputWidth: side, classNames, seed: 1 };
const isForest = adapter.family === 'forest';
const classifier = await adapter.create(isForest ? spec : { ...spec, network }, {
  ...JSON.parse(options),
  threads,
});
const versions = (await adapter.probe()).find(({ available }) => available)?.versions ?? {};
console.log(
  Object.entries(versions)
    .join(', ')
    .replace(/,(?=\S)/g, ' '),
);

/** An epoch of so many batches a turn: one `fit`, which waits for the next turn at each epoch's end. */
async function* trainInTurns() {
  let batches = yield;
  for (;;) {
    let start = performance.now();
    let resume;
    let finish;
    let finished = new Promise((resolve) => {
      finish = resolve;
    });
    classifier
      .fit(first(Math.min(count, batches * batchSize)), {
        epochs: 1_000_000,
        batchSize,
        onEpochEnd: async () => {
          finish((performance.now() - start) / 1000);
          await new Promise((resolve) => {
            resume = resolve;
          });
          start = performance.now();
        },
      })
      .catch((error) => {
        console.error(error);
        process.exit(1);
      });
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

async function secondsOf(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const training = trainInTurns();
await training.next();
const phases = {
  // A forest is trained anew in each turn.
  training: async (batches) =>
    isForest
      ? secondsOf(() => classifier.fit(first(Math.min(count, batches * batchSize))))
      : (await training.next(batches)).value,
  inference: (batches) => {
    const images = Math.min(count, batches * batchSize);
    return secondsOf(async () => {
      for (let at = 0; at < images; at += batchSize) {
        const size = Math.min(batchSize, images - at);
        await classifier.predict(pixels.subarray(at * bytes, (at + size) * bytes), size);
      }
    });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [phase, batches] = line.split(' ');
  console.log(await phases[phase](Number(batches)));
}
process.exit(0);
