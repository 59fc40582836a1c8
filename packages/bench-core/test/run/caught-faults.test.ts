import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleCnn } from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import type { AdapterReference } from '../../src/run/adapter-reference';
import { loadAdapter } from '../../src/run/adapter-reference';
import { runBench } from '../../src/run/run-bench';
import { runInProcess } from '../../src/run/run-in-process';
import { createSeparableImages } from '../../src/testing/separable-images';
import { exampleResults } from '../results/example-results';

// Child processes run built code; `pnpm test` builds before it tests.
const program = fileURLToPath(new URL('../../dist/trial-process.js', import.meta.url));
const moduleUrl = new URL('./fixtures/cheating-adapters.mjs', import.meta.url).href;

const SIZE = { inputHeight: 16, inputWidth: 16 };
const HONEST = ['honestOne', 'honestTwo', 'honestThree'];

/**
 * What each contender does wrong, and the checks that must name it. In one run with three honest ones each: whoever is
 * wrong in training must be told from them.
 */
const FAULTS: Readonly<Record<string, string>> = {
  halfOfEachBatch: 'first-losses',
  nineTenths: 'planned-images',
  noFlips: 'first-losses',
  lastBatchSkipped: 'weights',
  halfTheSteps: 'first-losses',
  fewerEpochs: 'planned-images',
  firstEpochOnly: 'moving-weights',
  trainsOnWhenAsked: 'weights-at-rest',
  rateDecay: 'weights-way',
  wrongAfterTenSteps: 'weights-way',
  decayOfAdamW: 'weights-way',
  amsGrad: 'weights-way',
  otherBeta: 'weights-way',
  otherEpsilon: 'weights-way',
  noFilterGradients: 'weights',
  noDropout: 'first-losses',
  lowPrecision: 'first-losses',
  honestWhereSmall: 'first-losses',
  notSoftmax: 'softmax',
  sumsToMore: 'probabilities',
  roundedAnswers: 'answers-of-weights',
  guessesSingleImages: 'timed-answers',
  guessesLargeBatches: 'timed-answers',
  looksAtNeighbours: 'timed-answers',
  secondModel: 'answers-of-weights',
  remembersImages: 'unseen-latency',
  remembersBatches: 'unseen-batches',
  trainsWhileEvaluated: 'evaluation-time',
  replaysTraining: 'training-again',
  turnsTheClock: 'outside-clock',
  savesTheFirstWeights: 'saved-answers',
  forgetfulForest: 'saved-answers',
  rememberingForest: 'unseen-latency',
};

let directory: string;
let trials: Readonly<Record<string, CompletedTrial>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-faults-'));
  const names = Object.keys(FAULTS);
  const half = Math.ceil(names.length / 2);
  // Two runs side by side, to keep two cores at work.
  const runs = await Promise.all(
    [names.slice(0, half), names.slice(half)].map((faulty, run) =>
      bench(`run-${run}`, [...HONEST, 'honestForest', ...faulty]),
    ),
  );
  trials = Object.assign({}, ...runs);
}, 900_000);

afterAll(() => rm(directory, { recursive: true }));

describe('a whole run', () => {
  it.each(Object.entries(FAULTS))('names %s by its check "%s"', (name, id) => {
    const { checks = [], comparable } = trials[name] as CompletedTrial;
    expect(checks.filter(({ passed }) => !passed).map((check) => check.id)).toContain(id);
    expect(comparable).toBe(false);
  });

  it.each([...HONEST, 'honestForest'])('finds no fault in %s', (name) => {
    const { checks = [], comparable } = trials[name] as CompletedTrial;
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.length).toBeGreaterThan(name === 'honestForest' ? 6 : 16);
    expect(comparable).toBe(true);
  });
});

/** The trials of one run, by their contenders. */
async function bench(name: string, contenders: readonly string[]) {
  const adapters = await Promise.all(
    contenders.map(async (contender) => {
      const reference: AdapterReference = {
        moduleUrl,
        factory: 'createContender',
        options: { name: contender },
      };
      const adapter = await loadAdapter(reference);
      const backend = adapter.family === 'cnn' ? 'float64' : 'cpu';
      return { adapter, backend, reference, title: contender, contender };
    }),
  );
  const images = { size: SIZE, train: await imageFile(name, 48), test: await imageFile(name, 24) };
  const classNames = ['a', 'b', 'c'];
  const { trials: all } = await runBench(
    {
      configuration: {
        ...exampleResults.configuration,
        ...{ track: 'parity', epochs: 3, batchSize: 10, imageSize: 16, forestImageSize: 16 },
        network: simpleCnn({ channels: [4, 6, 8], hiddenUnits: 16 }),
        adapters: adapters.map(({ adapter, backend }) => ({ adapter: adapter.id, backend })),
        ...{ seeds: [1], threads: 1 },
      },
      adapters,
      dataset: { ...exampleResults.dataset, classNames, trainCount: 48, testCount: 24 },
      images: { cnn: images, forest: images },
      outputDirectory: join(directory, name),
    },
    {
      machine: exampleResults.machine,
      run: (job, options) => runInProcess(job, { ...options, program }),
    },
  );
  return Object.fromEntries(
    contenders.map((contender, at) => [contender, completed(all, adapters[at]!.adapter.id)]),
  );
}

function completed(all: BenchResults['trials'], id: string): CompletedTrial {
  const trial = all.find(({ adapter }) => adapter === id);
  if (trial?.status === 'completed') return trial;
  throw new Error(`${id} did not complete: ${trial?.error.message} ${trial?.error.stderrTail}`);
}

async function imageFile(name: string, count: number) {
  const options = { ...SIZE, count, classCount: 3, seed: count, noise: 0.8 };
  const { pixels, labels } = createSeparableImages(options);
  const pixelsPath = join(directory, `${name}-${count}`);
  await writeFile(pixelsPath, pixels);
  return { pixelsPath, labels, count };
}
