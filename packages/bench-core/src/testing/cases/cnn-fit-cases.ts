import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { CnnFitOptions } from '@dlcmp/contract';
import { type DlcmpError, isDlcmpError } from '@dlcmp/contract';
import { assertRejects, assertWeightsClose, relativeDifference } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import {
  noiseBatches,
  noiseImages,
  noiseProbes,
  plannedBatches,
  SHORT_FIT,
} from '../contract-data';

const BAD_OPTIONS: Record<string, CnnFitOptions> = {
  'no epoch': { epochs: 0 },
  'half an epoch': { epochs: 0.5 },
  'an empty batch': { batchSize: 0 },
  'a broken batch size': { batchSize: 2.5 },
};

/** How a CNN's `fit` goes through its data. */
export const cnnFitCases: readonly ClassifierContractCase[] = [
  {
    family: 'cnn',
    name: "fit takes the plan's batches in the plan's order",
    proves: 'Order, flips and dropout masks are the contract’s, so frameworks can be compared.',
    async run({ create, expected }) {
      const fitted = await create();
      await fitted.fit(noiseImages(), SHORT_FIT);
      const stepped = await create();
      for (const batch of plannedBatches()) await stepped.trainStep(batch, SHORT_FIT);
      assertWeightsClose(
        await fitted.getWeights(),
        await stepped.getWeights(),
        expected.tensorTolerance,
        'Weights after fit and after the same steps',
      );
    },
  },
  {
    family: 'cnn',
    name: 'augmentation can be switched off',
    proves: 'The two tracks train on what they say.',
    async run({ create, expected }) {
      const flipped = await create();
      await flipped.fit(noiseImages(), { ...SHORT_FIT, augmentation: 'horizontal-flip' });
      const plain = await create();
      await plain.fit(noiseImages(), { ...SHORT_FIT, augmentation: 'none' });
      const name = 'conv1.weight';
      const [one, other] = [await flipped.getWeights(), await plain.getWeights()];
      assert(one[name] && other[name], `getWeights must give ${name}.`);
      const difference = relativeDifference(one[name], other[name]);
      assert(difference > expected.tensorTolerance, 'Flips must change what is learnt.');
    },
  },
  {
    family: 'cnn',
    name: 'fit begins anew after single steps',
    proves: "Neither weights nor Adam's moments leak from one training into the next.",
    async run({ create, expected }) {
      const used = await create();
      for (const batch of noiseBatches(3)) await used.trainStep(batch);
      await used.fit(noiseImages(), SHORT_FIT);
      const fresh = await create();
      await fresh.fit(noiseImages(), SHORT_FIT);
      const [actual, anew] = [await used.getWeights(), await fresh.getWeights()];
      assertWeightsClose(actual, anew, expected.tensorTolerance, 'Weights of a used classifier');
    },
  },
  {
    family: 'cnn',
    name: 'fit of a loaded model goes on from the saved weights',
    proves: 'Training can be continued.',
    async run({ create, load, temporaryDirectory, expected }) {
      const saved = await create();
      await saved.fit(noiseImages(), SHORT_FIT);
      const directory = join(await temporaryDirectory(), 'model');
      await saved.save(directory);
      const loaded = await load(directory);
      await loaded.fit(noiseImages(), SHORT_FIT);
      const continued = await create({ initialWeights: await saved.getWeights() });
      await continued.fit(noiseImages(), SHORT_FIT);
      const [actual, same] = [await loaded.getWeights(), await continued.getWeights()];
      assertWeightsClose(actual, same, expected.tensorTolerance, 'Weights after loading and fit');
    },
  },
  {
    family: 'cnn',
    name: 'fit refuses options out of range',
    proves: "A caller's mistake is named before training starts.",
    async run({ create }) {
      const classifier = await create();
      for (const [what, options] of Object.entries(BAD_OPTIONS)) {
        const fit = () => classifier.fit(noiseImages(), { ...SHORT_FIT, ...options });
        await assertRejects(fit, 'INVALID_ARGUMENT', `fit with ${what}`);
      }
    },
  },
  {
    family: 'cnn',
    name: 'a fit that diverges says so',
    proves: 'A model of NaN is never saved, timed or ranked.',
    async run({ create }) {
      const classifier = await create();
      const losses: number[] = [];
      const failure = await classifier
        .fit(noiseImages(), {
          ...SHORT_FIT,
          learningRate: 1e30,
          onProgress: ({ loss = 0 }) => losses.push(loss),
        })
        .then(
          () => undefined,
          (error: DlcmpError) => error,
        );
      assert(losses.every(Number.isFinite), 'A loss that is not finite must not be reported.');
      if (failure) {
        assert(isDlcmpError(failure, 'DIVERGED'), `fit must fail with DIVERGED, not ${failure}`);
      } else {
        const { pixels, count } = noiseProbes();
        const logits = await classifier.predictLogits(pixels, count);
        assert(logits.every(Number.isFinite), 'fit succeeded, but the model answers NaN.');
      }
    },
  },
  {
    family: 'cnn',
    name: 'a fit that diverges in its last step says so',
    proves: 'No later step finds out, as a loss is that of the weights before its step.',
    async run({ create }) {
      const classifier = await create();
      const images = noiseImages();
      const options = { epochs: 1, batchSize: images.count, learningRate: 1e30 };
      await assertRejects(() => classifier.fit(images, options), 'DIVERGED', 'fit of one step');
    },
  },
  {
    family: 'cnn',
    name: 'a model whose weights are not finite is not saved',
    proves: 'A model of NaN is never opened elsewhere.',
    async run({ create, temporaryDirectory }) {
      const classifier = await create();
      await classifier.fit(noiseImages(), SHORT_FIT);
      // Adam moves a weight by about the rate, here beyond the range of float32.
      for (const batch of noiseBatches(2)) {
        await classifier.trainStep(batch, { learningRate: 1e39 }).catch((error: unknown) => {
          if (!isDlcmpError(error, 'DIVERGED')) throw error;
        });
      }
      const directory = join(await temporaryDirectory(), 'model');
      const save = () => classifier.save(directory);
      await assertRejects(save, 'DIVERGED', 'save of weights that are not finite');
    },
  },
];
