import {
  compareOutcomes,
  isWithinTolerance,
  PARITY_TOLERANCE,
  readRecordedTrajectory,
  replayTrajectory,
} from '@dlcmp/bench-core';
import { type CnnAdapter, createInitialWeights, type ModelSpec } from '@dlcmp/bench-core/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../../tooling/recorded-trajectories';
import { openCudaNetwork } from '../../../src/backends/cuda/open-cuda-network';
import { DeviceClassifier } from '../../../src/backends/device-classifier';
import { cnnOnnx } from '../../../src/index';
import { hasCompiler, openGpuInMemory } from './gpu-in-memory';

/** What runs on an NVIDIA GPU, on one made of main memory. */
const onGpu: CnnAdapter = {
  ...cnnOnnx,
  create: async (spec) =>
    new DeviceClassifier(spec, 'cuda', openCudaNetwork(openGpuInMemory(), spec)),
};

if (!hasCompiler) process.stderr.write('The CUDA backend is NOT tested here: there is no cc.\n');

(hasCompiler ? describe : describe.skip)('the CUDA backend', () => {
  it.each(RECORDED_TRAJECTORIES)('trains to the numbers recorded in %s', async (_, directory) => {
    const { trajectory, outcome } = await readRecordedTrajectory(directory);
    const errors = compareOutcomes(await replayTrajectory(onGpu, trajectory, {}), outcome);
    expect({ errors, within: isWithinTolerance(errors, PARITY_TOLERANCE) }).toMatchObject({
      within: true,
    });
  });

  it('answers any number of images as the CPU does', async () => {
    const spec: ModelSpec = {
      inputHeight: 9,
      inputWidth: 11,
      classNames: ['a', 'b', 'c'],
      seed: 1,
    };
    const initialWeights = createInitialWeights(spec);
    const [cpu, gpu] = await Promise.all([
      cnnOnnx.create({ ...spec, initialWeights }, { backend: 'cpu', threads: 1 }),
      onGpu.create({ ...spec, initialWeights }),
    ]);
    const imageBytes = 9 * 11 * 3;
    const most = 300;
    const pixels = Uint8Array.from({ length: most * imageBytes }, (_, at) => (at * 7919) >> 5);
    const expected = await cpu.predict(pixels, most);
    for (const count of [1, 17, 32, 45, 256, most, 2]) {
      const answers = await gpu.predict(pixels.subarray(0, count * imageBytes), count);
      const errors = answers.map((value, at) => Math.abs(value - (expected[at] as number)));
      expect({ count, rows: answers.length / 3, worst: Math.max(...errors) < 1e-5 }).toEqual({
        count,
        rows: count,
        worst: true,
      });
    }
    await Promise.all([cpu.dispose(), gpu.dispose()]);
  });
});
