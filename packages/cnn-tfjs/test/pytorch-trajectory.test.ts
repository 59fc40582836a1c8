import {
  compareOutcomes,
  isWithinTolerance,
  PARITY_TOLERANCE,
  readRecordedTrajectory,
  replayTrajectory,
} from '@dlcmp/bench-core';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../tooling/recorded-trajectories';
import { cnnTfjs } from '../src/index';
import { BACKENDS_UNDER_TEST, FAST_BACKENDS_UNDER_TEST } from './backends-under-test';

describe.each(BACKENDS_UNDER_TEST)('beside PyTorch, %s', (backend) => {
  const trajectories = RECORDED_TRAJECTORIES.filter(
    ([name]) => name.startsWith('small') || FAST_BACKENDS_UNDER_TEST.includes(backend),
  );
  it.each(trajectories)('trains to the numbers recorded in %s', async (_, directory) => {
    const { trajectory, outcome } = await readRecordedTrajectory(directory);
    const errors = compareOutcomes(
      await replayTrajectory(cnnTfjs, trajectory, { backend, threads: 1 }),
      outcome,
    );
    expect({ errors, within: isWithinTolerance(errors, PARITY_TOLERANCE) }).toMatchObject({
      within: true,
    });
  });
});
