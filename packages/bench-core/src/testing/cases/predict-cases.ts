import assert from 'node:assert/strict';
import { assertClose, assertRejects } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import {
  CONTRACT_SPEC,
  heldOutImages,
  noiseImages,
  noiseProbes,
  SHORT_FIT,
} from '../contract-data';

const CLASS_COUNT = CONTRACT_SPEC.classNames.length;
const SUM_TOLERANCE = 1e-5;
/** Of nine images: 297, more than a usual batch and no multiple of one. */
const REPEATS = 33;

/** What `predict` answers. */
export const predictCases: readonly ClassifierContractCase[] = [
  {
    family: 'any',
    name: 'predict refuses before fit',
    proves: 'An untrained model never passes for a trained one.',
    async run({ create }) {
      const classifier = await create();
      const { pixels, count } = heldOutImages();
      await assertRejects(() => classifier.predict(pixels, count), 'NOT_FITTED', 'predict');
    },
  },
  {
    family: 'any',
    name: 'predict gives one probability distribution an image',
    proves: 'Log loss and every other metric can be computed from the answer.',
    async run({ create }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      const { pixels, count } = noiseProbes();
      const probabilities = await classifier.predict(pixels, count);
      assert(probabilities instanceof Float32Array, 'predict must give a Float32Array.');
      assert.equal(probabilities.length, count * CLASS_COUNT, 'predict must give count × classes.');
      for (const value of probabilities) {
        assert(Number.isFinite(value) && value >= 0, `${value} is no probability.`);
      }
      for (let start = 0; start < probabilities.length; start += CLASS_COUNT) {
        const row = probabilities.subarray(start, start + CLASS_COUNT);
        const sum = row.reduce((total, value) => total + value, 0);
        assert(Math.abs(sum - 1) <= SUM_TOLERANCE, `The probabilities of an image sum to ${sum}.`);
      }
    },
  },
  {
    family: 'any',
    name: 'predict answers no images with an empty array',
    proves: 'An empty folder is no special case.',
    async run({ create }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      const probabilities = await classifier.predict(new Uint8Array(), 0);
      assert(probabilities instanceof Float32Array, 'predict must give a Float32Array.');
      assert.equal(probabilities.length, 0, 'predict of no images must be empty.');
    },
  },
  {
    family: 'any',
    name: 'predict refuses pixels of another length',
    proves: 'Images of another size are refused, never read askew.',
    async run({ create }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      const { pixels, count } = heldOutImages();
      const attempts: Record<string, [Uint8Array, number]> = {
        'a byte too few': [pixels.subarray(1), count],
        'a count too high': [pixels, count + 1],
        'a negative count': [pixels, -1],
        'a broken count': [pixels, count - 0.5],
      };
      for (const [what, [bytes, number]] of Object.entries(attempts)) {
        const predict = () => classifier.predict(bytes, number);
        await assertRejects(predict, 'INVALID_ARGUMENT', `predict with ${what}`);
      }
    },
  },
  {
    family: 'any',
    name: "an image's answer does not depend on its neighbours",
    proves: 'Accuracy is the same at every batch size.',
    async run({ create, expected }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      const { pixels, count } = noiseProbes();
      const together = await classifier.predict(pixels, count);
      const imageBytes = pixels.length / count;
      for (let image = 0; image < count; image++) {
        const alone = await classifier.predict(
          pixels.subarray(image * imageBytes, (image + 1) * imageBytes),
          1,
        );
        const row = together.subarray(image * CLASS_COUNT, (image + 1) * CLASS_COUNT);
        assertClose(alone, row, expected.probabilityTolerance, `Image ${image} alone and together`);
      }
    },
  },
  {
    family: 'any',
    name: 'many images are answered as few are',
    proves: 'Where an adapter predicts in chunks, they are put together rightly.',
    async run({ create, expected }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      const few = noiseProbes();
      const answers = await classifier.predict(few.pixels.slice(), few.count);
      const many = new Uint8Array(REPEATS * few.pixels.length);
      const repeated = new Float32Array(REPEATS * answers.length);
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        many.set(few.pixels, repeat * few.pixels.length);
        repeated.set(answers, repeat * answers.length);
      }
      const together = await classifier.predict(many, REPEATS * few.count);
      assertClose(together, repeated, expected.probabilityTolerance, 'Many images and few');
    },
  },
];
