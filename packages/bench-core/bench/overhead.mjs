/**
 * What the harness adds to training time: one classifier trained by its adapter alone and through
 * `measureTrial`, whose callbacks, clock readings and evaluations run meanwhile, in turns.
 *
 *     pnpm --filter @dlcmp/bench-core bench:overhead [ROUNDS] [wall]
 *
 * The clock is this process's processor time, which other programs hardly disturb; `wall` takes the
 * monotonic clock instead, for a machine that does nothing else. Neighbours of one round differ by
 * several percent on a shared machine, so the figure is the median of many rounds' ratios, with its
 * 95% interval by order statistics.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleCnn } from '@dlcmp/contract';
import { measureTrial, monotonicClock } from '../dist/index.js';
import { createReferenceCnn, createSeparableImages } from '../dist/testing.js';

const rounds = Number(process.argv[2] ?? 60);
const clock = process.argv[3] === 'wall' ? monotonicClock : processorTime;
const MOST_OVERHEAD = 0.02;

const size = { inputHeight: 24, inputWidth: 24 };
const classNames = ['a', 'b', 'c'];
const drawn = { ...size, classCount: classNames.length, seed: 1 };
const train = createSeparableImages({ ...drawn, count: 128 });
const test = createSeparableImages({ ...drawn, count: 4 });
const network = simpleCnn({ channels: [4, 8, 8], hiddenUnits: 16 });
const spec = { ...size, classNames, seed: 1, network };
const training = { epochs: 2, batchSize: 16, learningRate: 0.001 };

function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Training seconds of the adapter alone. */
async function bare() {
  const classifier = await createReferenceCnn().create(spec, { threads: 1 });
  const start = clock();
  await classifier.fit(train, training);
  const seconds = clock() - start;
  await classifier.dispose();
  return seconds;
}

/**
 * Seconds that `measureTrial` spends on training, with ears for every event: from the start of the
 * phase to its end, less the evaluations. What it measures afterwards takes seconds and no part in
 * training, so the trial is broken off there.
 */
async function harnessed(modelDirectory) {
  const done = new Error('Training is over.');
  let start = 0;
  let seconds = 0;
  const listen = () => {};
  const plan = {
    backend: 'float64',
    spec,
    training,
    threads: 1,
    inferenceBatchSize: 32,
    modelDirectory,
  };
  await measureTrial(plan, {
    loadAdapter: async () => createReferenceCnn(),
    readImages: async () => ({ train, test }),
    clock,
    readResourceUsage: () => ({ cpuSeconds: 0, peakRssBytes: 0 }),
    startEnergyWatch: () => ({ finish: () => null }),
    signal: new AbortController().signal,
    onPhase: (phase) => {
      if (phase === 'train') start = clock();
      if (phase !== 'inference') return;
      seconds += clock() - start;
      throw done;
    },
    onProgress: listen,
    onEpoch: ({ evaluationSeconds }) => {
      seconds -= evaluationSeconds;
    },
  }).catch((error) => {
    if (error !== done) throw error;
  });
  return seconds;
}

/** The median, and the order statistics that hold the true one in 95 of 100 cases. */
function medianInterval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const rank = Math.max(0, Math.floor(count / 2 - 0.98 * Math.sqrt(count)));
  const middle = (sorted[Math.ceil(count / 2) - 1] + sorted[Math.floor(count / 2)]) / 2;
  return [middle, sorted[rank], sorted[count - 1 - rank]];
}

const directory = await mkdtemp(join(tmpdir(), 'dlcmp-overhead-'));
const times = { bare: [], harnessed: [] };
// Both are compiled before either is timed.
await bare();
await harnessed(directory);
for (let round = 0; round < rounds; round++) {
  // Who goes first takes turns: a drift of the machine falls on both.
  const order = round % 2 === 0 ? ['bare', 'harnessed'] : ['harnessed', 'bare'];
  for (const who of order) {
    times[who].push(who === 'bare' ? await bare() : await harnessed(directory));
  }
}
await rm(directory, { recursive: true });
const milliseconds = (values) => `${(medianInterval(values)[0] * 1000).toFixed(1)} ms`;
const ratios = times.harnessed.map((seconds, round) => seconds / times.bare[round] - 1);
const [overhead, low, high] = medianInterval(ratios);
const percent = (value) => `${(value * 100).toFixed(2)} %`;
console.log(`bare adapter  ${milliseconds(times.bare)} (median of ${rounds})`);
console.log(`in harness    ${milliseconds(times.harnessed)}`);
console.log(
  `overhead      ${percent(overhead)} (95% interval ${percent(low)} to ${percent(high)})`,
);
process.exitCode = overhead < MOST_OVERHEAD ? 0 : 1;
