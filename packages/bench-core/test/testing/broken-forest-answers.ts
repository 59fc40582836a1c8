import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Classifier, type ForestAdapter, isDlcmpError } from '@dlcmp/contract';
import { CONTRACT_SPEC } from '../../src/testing/contract-data';
import { type BrokenAdapter, breakForest, breakForestAdapter } from './broken-adapter';

const LOADS_THAT_MUST_FAIL = [
  'load refuses what is no model',
  "load refuses another adapter's forest",
  'load refuses a file cut short',
];

/** `predict` gone wrong. */
export const brokenForestAnswers: readonly BrokenAdapter<ForestAdapter>[] = [
  {
    name: 'predicts before fit',
    adapter: breakForest((classifier) => ({
      predict: (pixels, count) =>
        classifier
          .predict(pixels, count)
          .catch(unless('NOT_FITTED', () => new Float32Array(count * 3).fill(1 / 3))),
    })),
    fails: ['predict refuses before fit'],
  },
  {
    name: 'gives a column too many',
    adapter: breakAnswers(
      (answers, count) => new Float32Array([...answers, ...Array(count).fill(0)]),
    ),
    fails: [
      'fit learns classes that are easy to tell apart',
      'predict gives one probability distribution an image',
      "an image's answer does not depend on its neighbours",
      'many images are answered as few are',
    ],
  },
  {
    name: 'gives scores that do not sum to 1',
    adapter: breakAnswers((answers) => answers.map((value) => value * 15)),
    fails: ['predict gives one probability distribution an image'],
  },
  {
    name: 'gives negative probabilities',
    adapter: breakAnswers((answers) => answers.map((value) => 2 * value - 1 / 3)),
    fails: ['predict gives one probability distribution an image'],
  },
  {
    name: 'gives NaN',
    adapter: breakAnswers((answers) => answers.map(() => Number.NaN)),
    fails: [
      'fit learns classes that are easy to tell apart',
      'the same seed gives the same model',
      'another seed gives another model',
      'a second fit forgets the first',
      'two classifiers do not disturb each other',
      'predict gives one probability distribution an image',
      "an image's answer does not depend on its neighbours",
      'many images are answered as few are',
      'an aborted classifier can be fitted again',
      'a loaded model answers as the saved one',
      'a loaded model can be saved again',
    ],
  },
  {
    name: 'stumbles over no images',
    adapter: breakAnswers((answers) => (answers.length > 0 ? answers : new Float32Array(3))),
    fails: ['predict answers no images with an empty array'],
  },
  {
    name: 'reads pixels of any length',
    adapter: breakForest((classifier) => ({
      predict: (pixels, count) =>
        classifier
          .predict(pixels, count)
          .catch(unless('INVALID_ARGUMENT', () => new Float32Array())),
    })),
    fails: ['predict refuses pixels of another length'],
  },
  {
    name: 'forgets the last chunk of images',
    adapter: breakAnswers((answers) => answers.fill(1 / 3, 256 * 3)),
    fails: ['many images are answered as few are'],
  },
  {
    name: "mixes an image's answer with its neighbours'",
    adapter: breakAnswers((answers, count) => {
      const mean = answers.slice(0, 3).map((_, label) => classMean(answers, label, count));
      return answers.map((value, at) => (value + (mean[at % 3] as number)) / 2);
    }),
    fails: ["an image's answer does not depend on its neighbours"],
  },
];

/** Progress and abortion gone wrong. */
export const brokenForestProgress: readonly BrokenAdapter<ForestAdapter>[] = [
  {
    name: 'counts progress from 0',
    adapter: breakForest((classifier) => ({
      fit: (images, options = {}) =>
        classifier.fit(images, {
          ...options,
          onProgress: (progress) =>
            options.onProgress?.({ ...progress, completed: progress.completed - 1 }),
        }),
    })),
    fails: ['progress counts every step or tree up to the total'],
  },
  {
    name: 'leaves out the last progress',
    adapter: breakForest((classifier) => ({
      fit: (images, options = {}) =>
        classifier.fit(images, {
          ...options,
          onProgress: (progress) => {
            if (progress.completed < progress.total) options.onProgress?.(progress);
          },
        }),
    })),
    fails: ['progress counts every step or tree up to the total'],
  },
  {
    name: 'ignores the signal',
    adapter: breakForest((classifier) => ({
      fit: (images, { onProgress } = {}) =>
        classifier.fit(images, onProgress === undefined ? {} : { onProgress }),
    })),
    fails: [
      'a signal that has fired stops fit before it begins',
      'a signal that fires stops fit within a step',
      'an aborted classifier can be fitted again',
    ],
  },
  {
    name: 'looks at the signal only when it is done',
    adapter: breakForest((classifier) => ({
      async fit(images, { signal, ...options } = {}) {
        const summary = await classifier.fit(images, options);
        return signal?.aborted ? classifier.fit(images, { signal }) : summary;
      },
    })),
    fails: [
      'a signal that has fired stops fit before it begins',
      'a signal that fires stops fit within a step',
    ],
  },
  {
    name: "rejects with the signal's own reason",
    adapter: breakForest((classifier) => ({
      fit: (images, options = {}) =>
        classifier.fit(images, options).catch(
          unless('ABORTED', () => {
            throw options.signal?.reason;
          }),
        ),
    })),
    fails: [
      'a signal that has fired stops fit before it begins',
      'a signal that fires stops fit within a step',
      'an aborted classifier can be fitted again',
    ],
  },
  {
    name: 'is spoilt by an aborted fit',
    adapter: breakForest((classifier) => {
      let aborted = false;
      return {
        fit: (images, options = {}) => {
          const given = aborted ? { ...images, labels: images.labels.toReversed() } : images;
          aborted = options.signal !== undefined;
          return classifier.fit(given, options);
        },
      };
    }),
    fails: ['an aborted classifier can be fitted again'],
  },
];

/** `save`, `load` and `dispose` gone wrong. */
export const brokenForestFiles: readonly BrokenAdapter<ForestAdapter>[] = [
  {
    name: 'saves other class names',
    adapter: breakForest((classifier) => ({
      async save(directory) {
        await classifier.save(directory);
        await rewriteManifest(directory, { classNames: ['0', '1', '2'] });
      },
    })),
    fails: ['save writes the manifest of its spec'],
  },
  {
    name: 'saves before fit',
    adapter: breakForest((classifier) => ({
      save: (directory) => classifier.save(directory).catch(unless('NOT_FITTED', () => undefined)),
    })),
    fails: ['save refuses before fit'],
  },
  {
    name: 'loads a model that answers otherwise',
    adapter: breakLoaded((loaded) => ({
      predict: async (...asked) => (await loaded.predict(...asked)).toReversed(),
    })),
    fails: ['a loaded model answers as the saved one', 'a loaded model can be saved again'],
  },
  {
    name: 'cannot save what it loaded',
    adapter: breakLoaded(() => ({ save: async () => undefined })),
    fails: ['a loaded model can be saved again'],
  },
  {
    name: 'loads anything',
    adapter: breakForestAdapter((whole) => ({
      load: (directory, options) =>
        whole
          .load(directory, options)
          .catch(unless('INVALID_FILE', () => whole.create(CONTRACT_SPEC))),
    })),
    fails: LOADS_THAT_MUST_FAIL,
  },
  {
    name: 'refuses files without a code',
    adapter: breakForestAdapter((whole) => ({
      load: (directory, options) =>
        whole.load(directory, options).catch(
          unless('INVALID_FILE', () => {
            throw new Error('ENOENT');
          }),
        ),
    })),
    fails: LOADS_THAT_MUST_FAIL,
  },
  {
    name: "loads another adapter's model",
    adapter: breakForestAdapter((whole) => ({
      async load(directory, options) {
        await rewriteManifest(directory, { adapter: whole.id }).catch(() => undefined);
        return whole.load(directory, options);
      },
    })),
    fails: ["load refuses another adapter's forest"],
  },
  {
    name: 'disposes only once',
    adapter: breakForest((classifier) => {
      let disposed = false;
      return {
        async dispose() {
          if (disposed) throw new Error('double free');
          disposed = true;
          await classifier.dispose();
        },
      };
    }),
    fails: [
      'two classifiers do not disturb each other',
      'dispose can be called twice, fitted or not',
      'a disposed classifier refuses everything',
    ],
  },
  {
    name: 'leaks after dispose',
    adapter: breakForest(() => ({ dispose: async () => undefined })),
    fails: ['a disposed classifier refuses everything'],
  },
];

function breakAnswers(change: (answers: Float32Array, count: number) => Float32Array) {
  return breakForest((classifier) => ({
    predict: async (pixels, count) => change(await classifier.predict(pixels, count), count),
  }));
}

function breakLoaded(change: (loaded: Classifier) => Partial<Classifier>) {
  return breakForestAdapter((whole) => ({
    async load(...asked) {
      const loaded = await whole.load(...asked);
      return { ...loaded, ...change(loaded) };
    },
  }));
}

/** A handler that answers errors of `code` with `answer` and passes others on. */
function unless<Answer>(code: Parameters<typeof isDlcmpError>[1], answer: () => Answer) {
  return (error: unknown): Answer => {
    if (!isDlcmpError(error, code)) throw error;
    return answer();
  };
}

function classMean(answers: Float32Array, label: number, count: number): number {
  const values = answers.filter((_, at) => at % 3 === label);
  return values.reduce((sum, value) => sum + value, 0) / count;
}

async function rewriteManifest(directory: string, changes: object): Promise<void> {
  const path = join(directory, 'model.json');
  const manifest: object = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...changes }));
}
