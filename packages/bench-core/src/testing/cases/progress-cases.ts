import assert from 'node:assert/strict';
import type { Classifier, CnnFitOptions, FitProgress } from '@dlcmp/contract';
import { assertClose, assertRejects } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import { noiseImages, SHORT_FIT } from '../contract-data';
import { fitAndProbe } from './fit-cases';

/** How `fit` reports and how it stops. */
export const progressCases: readonly ClassifierContractCase[] = [
  {
    family: 'any',
    name: 'progress counts every step or tree up to the total',
    proves: 'A progress bar moves, never back, and ends full.',
    async run({ create, expected }) {
      const reports: FitProgress[] = [];
      await (await create()).fit(noiseImages(), {
        ...SHORT_FIT,
        onProgress: (progress) => reports.push(progress),
      });
      const total = reports[0]?.total;
      assert(reports.length > 0 && reports.length === total, 'Each of total must be reported.');
      reports.forEach((progress, index) => {
        assert.equal(progress.completed, index + 1, 'completed must rise by one a report.');
        assert.equal(progress.total, total, 'total must stay the same.');
        assert.equal(progress.unit, expected.family === 'cnn' ? 'step' : 'tree', 'unit');
      });
    },
  },
  {
    family: 'any',
    name: 'a signal that has fired stops fit before it begins',
    proves: 'A cancelled run costs nothing.',
    async run({ create }) {
      const { reports, fit } = recordFit(await create(), AbortSignal.abort());
      await assertRejects(fit, 'ABORTED', 'fit with a signal that has fired');
      assert.equal(reports.length, 0, 'Nothing must be trained after the signal.');
    },
  },
  {
    family: 'any',
    name: 'a signal that fires stops fit within a step',
    proves: 'Ctrl-C during a long training is answered at once.',
    async run({ create }) {
      const controller = new AbortController();
      const { reports, fit } = recordFit(await create(), controller.signal, () =>
        controller.abort(),
      );
      await assertRejects(fit, 'ABORTED', 'fit whose signal fires after the first report');
      assert(
        reports.length <= 2,
        `fit went on for ${reports.length - 1} reports after the signal.`,
      );
    },
  },
  {
    family: 'any',
    name: 'an aborted classifier can be fitted again',
    proves: 'Nothing of an aborted training is left behind.',
    async run({ create, expected }) {
      const controller = new AbortController();
      const classifier = await create();
      const { fit } = recordFit(classifier, controller.signal, () => controller.abort());
      await assertRejects(fit, 'ABORTED', 'fit');
      const again = await fitAndProbe(classifier);
      const fresh = await fitAndProbe(await create());
      assertClose(again, fresh, expected.probabilityTolerance, 'A fit after an aborted one');
    },
  },
];

/** A short fit on noise that keeps its reports and calls `onFirstReport` after the first. */
export function recordFit(
  classifier: Classifier<CnnFitOptions> | Classifier,
  signal: AbortSignal,
  onFirstReport?: () => void,
): { reports: FitProgress[]; fit: () => Promise<unknown> } {
  const reports: FitProgress[] = [];
  const options: CnnFitOptions = {
    ...SHORT_FIT,
    signal,
    onProgress(progress) {
      reports.push(progress);
      if (reports.length === 1) onFirstReport?.();
    },
  };
  return { reports, fit: () => classifier.fit(noiseImages(), options) };
}
