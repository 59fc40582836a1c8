// Comparisons of two builds of baseline-rf, each loaded from a folder of its own: pairs of real trainings, in random order, judged
// as `dlcmp ab` judges them. Argument: JSON of { folders: { base, head }, pairs, slowdown, count }; prints each as a line of JSON.
import { pathToFileURL } from 'node:url';
import { compareSides } from '../../packages/bench-core/dist/results.js';

const { folders, pairs, slowdown, count } = JSON.parse(process.argv[2]);

const SIDE = 8;
const CLASSES = 4;
const TRAIN = 32;
const TEST = 16;
/** Grown by ml-random-forest on this thread, in about 20 ms: a worker's start would be most of so short a training. */
const TREES = 20;
const WARM_UPS = 8;

/** Noise around a brightness of each class: [images × 8 × 8 × 3]. */
function draw(count) {
  const labels = Int32Array.from({ length: count }, (_, image) => image % CLASSES);
  const bytes = SIDE * SIDE * 3;
  const pixels = Uint8Array.from(
    { length: count * bytes },
    (_, at) => labels[Math.floor(at / bytes)] * 30 + Math.floor(Math.random() * 120),
  );
  return { pixels, labels, count };
}

async function open(side) {
  const module = await import(pathToFileURL(`${folders[side]}/dist/index.js`).href);
  return module.createBaselineRf({ engine: 'ml-random-forest', nEstimators: TREES });
}

async function secondsOf(work, factor = 1) {
  const start = performance.now();
  await work();
  const end = start + (performance.now() - start) * factor;
  while (performance.now() < end);
  return (performance.now() - start) / 1000;
}

const train = draw(TRAIN);
const test = draw(TEST);
const adapters = { base: await open('base'), head: await open('head') };
const classNames = Array.from({ length: CLASSES }, (_, index) => `class ${index}`);

async function trial(side, seed) {
  const spec = { inputHeight: SIDE, inputWidth: SIDE, classNames, seed };
  const classifier = await adapters[side].create(spec, { threads: 1 });
  const factor = side === 'head' ? slowdown : 1;
  const before = process.cpuUsage();
  const trainSeconds = await secondsOf(() => classifier.fit(train), factor);
  const { user, system } = process.cpuUsage(before);
  let probabilities;
  const inferenceSeconds = await secondsOf(async () => {
    probabilities = await classifier.predict(test.pixels, TEST);
  });
  await classifier.dispose();
  const right = test.labels.filter((label, image) => label === mostProbable(probabilities, image));
  const accuracy = right.length / TEST;
  return {
    ...{ adapter: side, backend: 'exact', displayName: side, seed, status: 'completed' },
    ...{
      trainSeconds,
      fitCpuSeconds: (user + system) / 1e6,
      inferenceSeconds,
      accuracy,
      comparable: true,
      checks: [],
    },
  };
}

function mostProbable(probabilities, image) {
  const row = [...probabilities.subarray(image * CLASSES, (image + 1) * CLASSES)];
  return row.indexOf(Math.max(...row));
}

// Compilers find their feet: each trial of `ab` has a process of its own, and none of them here is the first.
for (let turn = 0; turn < WARM_UPS; turn++) await trial(turn % 2 === 0 ? 'head' : 'base', 0);

const seeds = Array.from({ length: pairs }, (_, at) => at + 1);
const contenders = ['base', 'head'].map((adapter) => ({ adapter, backend: 'exact' }));
const side = { contender: 'rf', base: 'base', head: 'head', backend: 'exact' };

async function comparison() {
  const trials = [];
  for (const seed of seeds) {
    const order = Math.random() < 0.5 ? ['base', 'head'] : ['head', 'base'];
    for (const side of order) trials.push(await trial(side, seed));
  }
  const results = { configuration: { seeds, adapters: contenders }, trials };
  const seconds = trials.map(({ trainSeconds }) => trainSeconds);
  return { rows: compareSides(results, [side]), seconds };
}

for (let done = 0; done < count; done++) console.log(JSON.stringify(await comparison()));
