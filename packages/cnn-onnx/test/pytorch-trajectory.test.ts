import { replayRecording } from '@dlcmp/bench-core';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../tooling/recorded-trajectories';
import { cnnOnnx } from '../src/index';

describe('beside PyTorch', () => {
  it.each(RECORDED_TRAJECTORIES)('trains to the numbers recorded in %s', async (_, directory) => {
    expect(await replayRecording(cnnOnnx, directory, { threads: 1 })).toMatchObject({
      withinTolerance: true,
    });
  });
});
