import assert from 'node:assert/strict';
import type { Classifier, LabelledImages } from '@dlcmp/contract';
import { assertClose, assertRejects, largestDifference } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import {
  heldOutImages,
  LEARNING_FIT,
  noiseImages,
  noiseProbes,
  SHORT_FIT,
  trainingImages,
} from '../contract-data';
import { listenForOutput } from './listen-for-output';

/** Fits on `images` and answers about {@link noiseProbes}. */
export async function fitAndProbe(
  classifier: Classifier,
  images: LabelledImages = noiseImages(),
): Promise<Float32Array> {
  await classifier.fit(images, SHORT_FIT);
  const { pixels, count } = noiseProbes();
  return classifier.predict(pixels, count);
}

/** How `fit` trains. */
export const fitCases: readonly ClassifierContractCase[] = [
  {
    family: 'any',
    name: 'fit learns classes that are easy to tell apart',
    proves: 'Training trains, and classes are answered in the order of classNames.',
    async run({ create, expected }) {
      const classifier = await create();
      await classifier.fit(trainingImages(), expected.family === 'cnn' ? LEARNING_FIT : {});
      const { pixels, labels, count } = heldOutImages();
      const probabilities = await classifier.predict(pixels, count);
      const right = labels.filter((label, i) => label === mostLikely(probabilities, i, count));
      assert(
        right.length >= 0.9 * count,
        `Only ${right.length} of ${count} easy images are classified rightly after fit.`,
      );
    },
  },
  {
    family: 'any',
    name: 'fit gives a summary',
    proves: 'Reports show what decided the result beyond the spec.',
    async run({ create }) {
      const summary = await (await create()).fit(trainingImages(), SHORT_FIT);
      for (const [name, value] of Object.entries(summary.details)) {
        const plain = ['string', 'number', 'boolean'].includes(typeof value);
        assert(plain, `details.${name} must be a string, number or boolean.`);
      }
      assert(Array.isArray(summary.notes), 'notes must be an array of sentences.');
      summary.notes.forEach((note) => void assert.equal(typeof note, 'string'));
    },
  },
  {
    family: 'any',
    name: 'the same seed gives the same model',
    proves: 'A result can be reproduced.',
    async run({ create, expected }) {
      const first = await fitAndProbe(await create());
      const second = await fitAndProbe(await create());
      assertClose(second, first, expected.probabilityTolerance, 'Two fits of one seed');
    },
  },
  {
    family: 'any',
    name: 'another seed gives another model',
    proves: 'Runs over several seeds measure the spread that they claim to.',
    async run({ create, expected }) {
      const first = await fitAndProbe(await create({ seed: 1 }));
      const second = await fitAndProbe(await create({ seed: 2 }));
      const difference = largestDifference(second, first);
      assert(difference > expected.probabilityTolerance, 'The seeds 1 and 2 give the same model.');
    },
  },
  {
    family: 'any',
    name: 'a second fit forgets the first',
    proves: 'A classifier can be used again without its past leaking into the result.',
    async run({ create, expected }) {
      const used = await create();
      await used.fit(trainingImages(), SHORT_FIT);
      const again = await fitAndProbe(used);
      const fresh = await fitAndProbe(await create());
      assertClose(again, fresh, expected.probabilityTolerance, 'A second fit and a fresh one');
    },
  },
  {
    family: 'any',
    name: 'fit refuses unusable images',
    proves: "A caller's mistake is named before training starts.",
    async run({ create }) {
      const classifier = await create();
      const { pixels, labels, count } = trainingImages();
      const unusable: Record<string, LabelledImages> = {
        'a byte too few': { pixels: pixels.subarray(1), labels, count },
        'a label too few': { pixels, labels: labels.subarray(1), count },
        'a negative label': { pixels, labels: labels.with(0, -1), count },
        'a label beyond the classes': { pixels, labels: labels.with(0, 3), count },
        'no image': { pixels: new Uint8Array(), labels: new Int32Array(), count: 0 },
      };
      for (const [what, images] of Object.entries(unusable)) {
        const fit = () => classifier.fit(images, SHORT_FIT);
        await assertRejects(fit, 'INVALID_ARGUMENT', `fit with ${what}`);
      }
    },
  },
  {
    family: 'any',
    name: 'leaves its input arrays as they were',
    proves: 'One loaded data set serves every adapter.',
    async run({ create }) {
      const classifier = await create();
      const training = trainingImages();
      const asked = heldOutImages();
      await classifier.fit(training, SHORT_FIT);
      await classifier.predict(asked.pixels, asked.count);
      assert.deepEqual(training, trainingImages(), 'fit must not write to pixels or labels.');
      assert.deepEqual(asked, heldOutImages(), 'predict must not write to pixels.');
    },
  },
  {
    family: 'any',
    name: 'two classifiers do not disturb each other',
    proves: 'Frameworks with global state do not mix two models, nor free both with one.',
    async run({ create, expected }) {
      const alone = await fitAndProbe(await create({ seed: 1 }));
      const [left, right] = [await create({ seed: 1 }), await create({ seed: 2 })];
      const [together] = await Promise.all([fitAndProbe(left), fitAndProbe(right)]);
      assertClose(together, alone, expected.probabilityTolerance, 'Fits at once and alone');
      await right.dispose();
      const { pixels, count } = noiseProbes();
      const after = await left.predict(pixels, count);
      assertClose(after, alone, expected.probabilityTolerance, "After the other's dispose");
    },
  },
  {
    family: 'any',
    name: 'works silently',
    proves: 'Standard output belongs to the caller: --json stays JSON, progress bars stay whole.',
    async run({ create }) {
      const lines = await listenForOutput(async () => {
        await fitAndProbe(await create());
      });
      assert.deepEqual(lines, [], 'create, fit and predict must write nothing.');
    },
  },
];

function mostLikely(probabilities: Float32Array, image: number, count: number): number {
  const classCount = probabilities.length / count;
  const row = probabilities.subarray(image * classCount, (image + 1) * classCount);
  return row.indexOf(Math.max(...row));
}
