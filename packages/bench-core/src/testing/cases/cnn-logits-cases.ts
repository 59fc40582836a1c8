import assert from 'node:assert/strict';
import { createReferenceCnn } from '../../reference-network/reference-cnn';
import { softmax } from '../../reference-network/reference-network';
import { assertClose, assertRejects, relativeDifference } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import { CONTRACT_SPEC, noiseImages, noiseProbes, SHORT_FIT } from '../contract-data';

const CLASS_COUNT = CONTRACT_SPEC.classNames.length;

/** Scores before softmax. */
export const cnnLogitsCases: readonly ClassifierContractCase[] = [
  {
    family: 'cnn',
    name: 'logits of the untrained network agree with the reference',
    proves: 'Normalisation, layouts and layers are those of simple-cnn.',
    async run({ create, expected }) {
      const { pixels, count } = noiseProbes();
      const logits = await (await create()).predictLogits(pixels, count);
      const reference = await createReferenceCnn().create(CONTRACT_SPEC);
      const tensor = (data: Float32Array) => ({ shape: [count, CLASS_COUNT], data });
      const referenceLogits = await reference.predictLogits(pixels, count);
      const difference = relativeDifference(tensor(logits), tensor(referenceLogits));
      assert(difference <= expected.tensorTolerance, `The logits are off by ${difference}.`);
    },
  },
  {
    family: 'cnn',
    name: 'predict is the softmax of the logits',
    proves: 'Both views of a trained model agree.',
    async run({ create, expected }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      const { pixels, count } = noiseProbes();
      const logits = await classifier.predictLogits(pixels, count);
      const probabilities = await classifier.predict(pixels, count);
      for (let start = 0; start < count * CLASS_COUNT; start += CLASS_COUNT) {
        const row = Float64Array.from(logits.subarray(start, start + CLASS_COUNT));
        assertClose(
          probabilities.subarray(start, start + CLASS_COUNT),
          Float32Array.from(softmax(row)),
          expected.probabilityTolerance,
          'predict and softmax(predictLogits)',
        );
      }
    },
  },
  {
    family: 'cnn',
    name: 'predictLogits checks its pixels as predict does',
    proves: 'Images of another size are refused, never read askew.',
    async run({ create }) {
      const classifier = await create();
      const { pixels, count } = noiseProbes();
      const tooFew = () => classifier.predictLogits(pixels.subarray(1), count);
      await assertRejects(tooFew, 'INVALID_ARGUMENT', 'predictLogits with a byte too few');
      const none = await classifier.predictLogits(new Uint8Array(), 0);
      assert.equal(none.length, 0, 'predictLogits of no images must be empty.');
    },
  },
];
