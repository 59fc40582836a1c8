/**
 * What the harness adds to training time: one classifier trained by its adapter alone and through
 * `measureTrial`, whose callbacks, clock readings and evaluations run meanwhile, in turns.
 *
 *     pnpm --filter @dlcmp/bench-core bench:overhead [ROUNDS] [wall]
 *
 * The clock is this process's processor time, which other programs hardly disturb; `wall` takes the
 * monotonic clock instead, for a machine that does nothing else.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureTrial, monotonicClock } from '../dist/index.js';
import { createReferenceCnn, createSeparableImages } from '../dist/testing.js';

const rounds = Number(process.argv[2] ?? 11);
const clock = process.argv[3] === 'wall' ? monotonicClock : processorTime;
const MOST_OVERHEAD = 0.02;

const size = { inputHeight: 24, inputWidth: 24 };
const classNames = ['a', 'b', 'c'];
const drawn = { ...size, classCount: classNames.length, seed: 1 };
const train = createSeparableImages({ ...drawn, count: 256 });
const test = createSeparableImages({ ...drawn, count: 4 });
const architecture = { channels: [4, 8, 8], hiddenUnits: 16, dropoutRate: 0.5 };
const spec = { ...size, classNames, seed: 1, architecture };
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

/** `trainSeconds` as the harness reports it, with ears for every event. */
async function harnessed(modelDirectory) {
  const listen = () => {};
  const plan = {
    backend: 'cpu',
    spec,
    training,
    threads: 1,
    inferenceBatchSize: 32,
    modelDirectory,
  };
  const { trainSeconds } = await measureTrial(plan, {
    loadAdapter: async () => createReferenceCnn(),
    readImages: async () => ({ train, test }),
    clock,
    readResourceUsage: () => ({ cpuSeconds: 0, peakRssBytes: 0 }),
    startEnergyWatch: () => ({ finish: () => null }),
    signal: new AbortController().signal,
    onPhase: listen,
    onProgress: listen,
    onEpoch: listen,
  });
  return trainSeconds;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length / 2) - 1] + sorted[Math.floor(sorted.length / 2)]) / 2;
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
const overhead = median(times.harnessed) / median(times.bare) - 1;
const milliseconds = (values) => `${(median(values) * 1000).toFixed(1)} ms`;
console.log(`bare adapter  ${milliseconds(times.bare)} (median of ${rounds})`);
console.log(`in harness    ${milliseconds(times.harnessed)}`);
console.log(`overhead      ${(overhead * 100).toFixed(2)} %`);
process.exitCode = overhead < MOST_OVERHEAD ? 0 : 1;
