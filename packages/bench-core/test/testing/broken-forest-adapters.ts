import {
  type Classifier,
  type FitSummary,
  type ForestAdapter,
  isDlcmpError,
} from '@dlcmp/contract';
import { CONTRACT_SPEC } from '../../src/testing/contract-data';
import { type BrokenAdapter, breakForest, breakForestAdapter } from './broken-adapter';

/** What adapters say of themselves, and what their `create` lets through. */
export const brokenForestAdapters: readonly BrokenAdapter<ForestAdapter>[] = [
  {
    name: 'has an id with spaces',
    adapter: breakForestAdapter(() => ({ id: 'Reference Forest' })),
    fails: ['describes itself', 'save writes the manifest of its spec'],
  },
  {
    name: 'has no display name',
    adapter: breakForestAdapter(() => ({ displayName: ' ' })),
    fails: ['describes itself'],
  },
  {
    name: 'throws in probe',
    adapter: breakForestAdapter(() => ({ probe: () => Promise.reject(new Error('no GPU')) })),
    fails: ['probes its backends without throwing'],
  },
  {
    name: 'finds its backend unavailable',
    adapter: breakForestAdapter(() => ({
      probe: async () => [{ name: 'cpu', available: false, reason: 'No reason.' }],
    })),
    fails: ['probes its backends without throwing'],
  },
  {
    name: 'gives no version',
    adapter: breakForestAdapter(() => ({
      probe: async () => [{ name: 'cpu', available: true, device: 'CPU', versions: {} }],
    })),
    fails: ['probes its backends without throwing'],
  },
  {
    name: 'accepts any spec',
    adapter: breakForestAdapter((whole) => ({
      create: (spec, options) =>
        whole.create(spec, options).catch((error: unknown) => {
          if (options?.backend !== 'cpu') throw error;
          return whole.create(CONTRACT_SPEC);
        }),
    })),
    fails: ['create refuses a spec out of range'],
  },
  {
    name: 'falls back to another backend',
    adapter: breakForestAdapter((whole) => ({ create: (spec) => whole.create(spec) })),
    fails: ['create refuses a backend it does not have'],
  },
  {
    name: 'ignores the seed',
    adapter: breakForestAdapter((whole) => ({
      create: (spec, options) =>
        whole.create(isSeed(spec.seed) ? { ...spec, seed: CONTRACT_SPEC.seed } : spec, options),
    })),
    fails: ['another seed gives another model'],
  },
  {
    name: 'draws a seed of its own',
    adapter: breakForestAdapter((whole) => {
      let drawn = 1000;
      return {
        create: (spec, options) =>
          whole.create(isSeed(spec.seed) ? { ...spec, seed: drawn++ } : spec, options),
      };
    }),
    fails: [
      'the same seed gives the same model',
      'a second fit forgets the first',
      'two classifiers do not disturb each other',
      'an aborted classifier can be fitted again',
      'save writes the manifest of its spec',
    ],
  },
];

/** `fit` gone wrong. */
export const brokenForestFits: readonly BrokenAdapter<ForestAdapter>[] = [
  {
    name: 'answers every image alike',
    adapter: breakForest((classifier) => ({
      predict: async (...asked) => (await classifier.predict(...asked)).fill(1 / 3),
    })),
    fails: ['fit learns classes that are easy to tell apart', 'another seed gives another model'],
  },
  {
    name: 'mixes up the classes',
    adapter: breakForest((classifier) => ({
      predict: async (...asked) => (await classifier.predict(...asked)).map(rotateClasses),
    })),
    fails: ['fit learns classes that are easy to tell apart'],
  },
  {
    name: 'gives no notes',
    adapter: breakForest((classifier) => ({
      async fit(...given) {
        const { details } = await classifier.fit(...given);
        return JSON.parse(JSON.stringify({ details }));
      },
    })),
    fails: ['fit gives a summary'],
  },
  {
    name: 'remembers the first fit',
    adapter: breakForest((classifier) => {
      let first: FitSummary | undefined;
      return {
        async fit(...given) {
          if (first) await classifier.predict(new Uint8Array(), 0);
          first ??= await classifier.fit(...given);
          return first;
        },
      };
    }),
    fails: ['a second fit forgets the first'],
  },
  {
    name: 'trains on whatever it is given',
    adapter: breakForest((classifier) => ({
      fit: (...given) =>
        classifier.fit(...given).catch((error: unknown) => {
          if (!isDlcmpError(error, 'INVALID_ARGUMENT')) throw error;
          return { details: {}, notes: [] };
        }),
    })),
    fails: ['fit refuses unusable images'],
  },
  {
    name: 'refuses images without a code',
    adapter: breakForest((classifier) => ({
      fit: (...given) =>
        classifier.fit(...given).catch((error: unknown) => {
          throw isDlcmpError(error, 'INVALID_ARGUMENT') ? new TypeError('Bad images.') : error;
        }),
    })),
    fails: ['fit refuses unusable images'],
  },
  {
    name: 'writes to the pixels it trains on',
    adapter: breakForest((classifier) => ({
      async fit(images, options) {
        const summary = await classifier.fit(images, options);
        images.pixels.reverse();
        return summary;
      },
    })),
    fails: ['leaves its input arrays as they were'],
  },
  {
    name: 'writes to the pixels it is asked about',
    adapter: breakForest((classifier) => ({
      async predict(pixels, count) {
        const answers = await classifier.predict(pixels, count);
        pixels.fill(0);
        return answers;
      },
    })),
    fails: [
      'leaves its input arrays as they were',
      "an image's answer does not depend on its neighbours",
    ],
  },
  {
    name: 'answers with the model fitted last',
    adapter: (() => {
      let latest: Classifier;
      return breakForest((classifier) => {
        let answering = () => classifier;
        return {
          async fit(...given) {
            const summary = await classifier.fit(...given);
            latest = classifier;
            answering = () => latest;
            return summary;
          },
          predict: (...asked) => answering().predict(...asked),
        };
      });
    })(),
    fails: ['two classifiers do not disturb each other'],
  },
  {
    name: 'logs',
    adapter: breakForest((classifier) => ({
      fit(...given) {
        console.info('fitting …');
        return classifier.fit(...given);
      },
    })),
    fails: ['works silently'],
  },
  {
    name: 'writes to standard error',
    adapter: breakForest((classifier) => ({
      predict(...asked) {
        process.stderr.write('');
        return classifier.predict(...asked);
      },
    })),
    fails: ['works silently'],
  },
];

function rotateClasses(_: number, at: number, probabilities: Float32Array): number {
  return probabilities[at % 3 === 2 ? at - 2 : at + 1] as number;
}

function isSeed(seed: number): boolean {
  return Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32;
}
