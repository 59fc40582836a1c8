import { replayRecording } from '@dlcmp/bench-core';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../tooling/recorded-trajectories';
import { cnnOnnx } from '../src/index';

describe.each(['graph', 'blocks'])('%s beside PyTorch', (backend) => {
  it.each(RECORDED_TRAJECTORIES)('trains to the numbers recorded in %s', async (_, directory) => {
    expect(await replayRecording(cnnOnnx, directory, { backend, threads: 1 })).toMatchObject({
      withinTolerance: true,
    });
  });
});
