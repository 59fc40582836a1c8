import type { Classifier, CnnFitOptions } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { MachinePace } from '../../src/measure/audits/machine-pace';
import { auditTrainingAgain } from '../../src/measure/audits/training-again';
import { createSeparableImages } from '../../src/testing/separable-images';

const SPEC = { inputHeight: 4, inputWidth: 4, classNames: ['a', 'b', 'c'], seed: 1 };
const IMAGES = createSeparableImages({ ...SPEC, count: 24, classCount: 3, seed: 1 });
const TIMED = 0.1;

/**
 * The audit of a classifier whose steps take `secondsPerStep` now, on a machine that takes `slowdown` times what it took, and whose
 * fit begins with `startUp` seconds of something else, now as when it was timed.
 */
async function audit(secondsPerStep: number, slowdown: number, startUp = 0.5) {
  let seconds = 0;
  let probe = 1;
  const pace = new MachinePace(() => probe);
  pace.sample();
  probe = slowdown;
  const classifier = {
    fit: async ({ count }: { count: number }, { batchSize = 32 }: CnnFitOptions) => {
      seconds += startUp + (count / batchSize) * secondsPerStep;
    },
  } as unknown as Classifier;
  const plan = { epochs: 1, batchSize: 8 };
  const timed = { secondsPerStep: TIMED, firstStepSeconds: startUp + TIMED };
  return auditTrainingAgain(classifier, IMAGES, SPEC, plan, timed, () => seconds, pace);
}

describe('training again', () => {
  it('passes at the pace that was timed, and fails where steps were not taken then', async () => {
    expect(await audit(TIMED, 1)).toMatchObject({ passed: true });
    expect(await audit(4 * TIMED, 1)).toMatchObject({ passed: false });
  });

  it('takes no long start for slow steps, nor slow steps for a start', async () => {
    expect(await audit(TIMED, 1, 1.8)).toMatchObject({ passed: true });
    expect(await audit(4 * TIMED, 1, 1.8)).toMatchObject({ passed: false });
    expect(await audit(4 * TIMED, 1, 5)).toMatchObject({ passed: false });
  });

  it('allows for a machine that became slower, and for no more than that', async () => {
    expect(await audit(4 * TIMED, 2)).toMatchObject({ passed: true });
    expect(await audit(8 * TIMED, 2)).toMatchObject({ passed: false });
  });
});
