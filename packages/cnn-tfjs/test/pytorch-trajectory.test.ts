import { replayRecording } from '@dlcmp/bench-core';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../tooling/recorded-trajectories';
import { cnnTfjs } from '../src';
import { ENGINES_UNDER_TEST, FAST_ENGINES_UNDER_TEST } from './engines-under-test';

describe.each(ENGINES_UNDER_TEST)('beside PyTorch, %s', (backend) => {
  const trajectories = RECORDED_TRAJECTORIES.filter(
    ([name]) => name.startsWith('small') || FAST_ENGINES_UNDER_TEST.includes(backend),
  );
  it.each(trajectories)('trains to the numbers recorded in %s', async (_, directory) => {
    expect(await replayRecording(cnnTfjs, directory, { backend, threads: 1 })).toMatchObject({
      withinTolerance: true,
    });
  });
});
