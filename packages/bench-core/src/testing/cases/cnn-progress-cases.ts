import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EpochResult, FitProgress } from '@dlcmp/contract';
import { assertRejects, assertRelativelyClose } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import {
  CONTRACT_SPEC,
  LEARNING_FIT,
  noiseImages,
  noiseProbes,
  plannedBatches,
  SHORT_FIT,
  trainingImages,
} from '../contract-data';
import { recordFit } from './progress-cases';

/** How a CNN's `fit` reports its epochs. */
export const cnnProgressCases: readonly ClassifierContractCase[] = [
  {
    family: 'cnn',
    name: 'progress names the epoch and the loss of each step',
    proves: 'A progress bar shows how training goes.',
    async run({ create, expected }) {
      const reports: FitProgress[] = [];
      await (await create()).fit(noiseImages(), {
        ...SHORT_FIT,
        onProgress: (progress) => reports.push(progress),
      });
      const epochs = reports.map(({ epoch }) => epoch);
      assert.deepEqual(epochs, [1, 1, 1, 2, 2, 2], '24 images in batches of 10, 2 epochs');
      assert(
        reports.every(
          ({ loss }) => Number.isFinite(loss) || (expected.defersLosses && loss === undefined),
        ),
        'Each report must give its loss, unless losses are declared to come late.',
      );
    },
  },
  {
    family: 'cnn',
    name: 'onEpochEnd gives the mean loss over the images of each epoch',
    proves: 'Learning curves of two frameworks can be laid over one another.',
    async run({ create, expected }) {
      const results: EpochResult[] = [];
      const means = new Map<number, number>();
      const images = noiseImages();
      const add = (epoch: number, loss: number, size: number) =>
        means.set(epoch, (means.get(epoch) ?? 0) + (loss * size) / images.count);
      await (await create()).fit(images, {
        ...SHORT_FIT,
        onProgress({ epoch = 0, loss = 0, completed }) {
          if (!expected.defersLosses) add(epoch, loss, completed % 3 === 0 ? 4 : 10);
        },
        onEpochEnd: (result) => void results.push(result),
      });
      if (expected.defersLosses) {
        const stepped = await create();
        for (const [index, batch] of [...plannedBatches()].entries()) {
          add(index < 3 ? 1 : 2, await stepped.trainStep(batch, SHORT_FIT), batch.size);
        }
      }
      assert.deepEqual(
        results.map(({ epoch }) => epoch),
        [1, 2],
        'One call an epoch, in order.',
      );
      // Steps taken once more round otherwise.
      const tolerance = expected.defersLosses ? 1e-5 : 1e-6;
      for (const { epoch, trainLoss } of results) {
        assertRelativelyClose(trainLoss, means.get(epoch) ?? 0, tolerance, `Epoch ${epoch}`);
      }
    },
  },
  {
    family: 'cnn',
    name: 'the mean loss falls over the epochs',
    proves: 'The curve shown is that of the model trained.',
    async run({ create }) {
      const losses: number[] = [];
      await (await create()).fit(trainingImages(), {
        ...LEARNING_FIT,
        onEpochEnd: ({ trainLoss }) => void losses.push(trainLoss),
      });
      const [first, last] = [losses[0] as number, losses.at(-1) as number];
      assert(last < 0.8 * first, `The mean loss went from ${first} to ${last} only.`);
    },
  },
  {
    family: 'cnn',
    name: 'onEpochEnd is awaited and can predict',
    proves: 'A model can be evaluated between epochs, and that time told apart.',
    async run({ create }) {
      const classifier = await create();
      const { pixels, count } = noiseProbes();
      const events: string[] = [];
      await classifier.fit(noiseImages(), {
        ...SHORT_FIT,
        onProgress: () => events.push('step'),
        async onEpochEnd() {
          await nextTurn();
          const { length } = await classifier.predict(pixels, count);
          assert.equal(length, count * CONTRACT_SPEC.classNames.length, 'predict in onEpochEnd');
          await nextTurn();
          events.push('evaluated');
        },
      });
      const epoch = ['step', 'step', 'step', 'evaluated'];
      assert.deepEqual(events, [...epoch, ...epoch], 'fit must wait for onEpochEnd.');
    },
  },
  {
    family: 'cnn',
    name: 'fit lets the event loop turn between steps',
    proves: 'AbortSignal.timeout and Ctrl-C work although a framework computes on this thread.',
    async run({ create }) {
      const controller = new AbortController();
      const { fit } = recordFit(await create(), controller.signal, () =>
        setImmediate(() => controller.abort()),
      );
      await assertRejects(fit, 'ABORTED', 'fit whose signal fires from a timer');
    },
  },
];
