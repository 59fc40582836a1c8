import { join } from 'node:path';
import type { Classifier, CnnClassifier } from '@dlcmp/contract';
import { assertRejects } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import { noiseBatch, noiseImages, noiseProbes, SHORT_FIT } from '../contract-data';

/** How a classifier ends. */
export const disposingCases: readonly ClassifierContractCase[] = [
  {
    family: 'any',
    name: 'dispose can be called twice, fitted or not',
    proves: 'Cleaning up needs no book-keeping.',
    async run({ create }) {
      const fitted = await create();
      await fitted.fit(noiseImages(), SHORT_FIT);
      for (const classifier of [fitted, await create()]) {
        await classifier.dispose();
        await classifier.dispose();
      }
    },
  },
  {
    family: 'any',
    name: 'a disposed classifier refuses everything',
    proves: 'Freed memory is never read.',
    async run({ create, temporaryDirectory }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      await classifier.dispose();
      await assertDisposed(classifier, await temporaryDirectory());
    },
  },
  {
    family: 'cnn',
    name: 'a disposed CNN refuses everything',
    proves: 'Freed memory is never read.',
    async run({ create }) {
      const classifier = await create();
      await classifier.dispose();
      await assertDisposedCnn(classifier);
    },
  },
];

async function assertDisposed(classifier: Classifier, directory: string): Promise<void> {
  const { pixels, count } = noiseProbes();
  const attempts = {
    fit: () => classifier.fit(noiseImages(), SHORT_FIT),
    predict: () => classifier.predict(pixels, count),
    save: () => classifier.save(join(directory, 'model')),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    await assertRejects(attempt, 'DISPOSED', `${name} after dispose`);
  }
}

async function assertDisposedCnn(classifier: CnnClassifier): Promise<void> {
  const { pixels, count } = noiseProbes();
  const batch = noiseBatch();
  const attempts = {
    getWeights: () => classifier.getWeights(),
    predictLogits: () => classifier.predictLogits(pixels, count),
    trainStep: () => classifier.trainStep(batch),
    computeGradients: () => classifier.computeGradients(batch),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    await assertRejects(attempt, 'DISPOSED', `${name} after dispose`);
  }
}
