import { replayRecording } from '@dlcmp/bench-core';
import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import {
  type CnnAdapter,
  createInitialWeights,
  defineNetworkAdapter,
  type ModelSpec,
} from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../tooling/recorded-trajectories';
import { createCudaEngine } from '../../src/cuda';
import type { CudaEngine } from '../../src/cuda/cuda-engine';
import { createCnnOnnx } from '../../src/index';
import { hasCompiler, openGpuInMemory } from './gpu-in-memory';

if (!hasCompiler) process.stderr.write('The CUDA backend is NOT tested here: there is no cc.\n');

/** For all tests: the kernels are compiled once. */
let gpuInMemory: CudaEngine | undefined;

/** What runs on an NVIDIA GPU, on one made of main memory. */
function onGpuInMemory(): CnnAdapter {
  const stock = createCnnOnnx();
  const engine = createCudaEngine(
    async () => {
      gpuInMemory ??= openGpuInMemory();
      return gpuInMemory;
    },
    async () => ({ available: true, hardware: 'main memory', versions: { kernels: 'in C' } }),
  );
  return defineNetworkAdapter({ ...stock, engines: [engine] });
}

const describeWithCompiler = hasCompiler ? describe : describe.skip;

describeWithCompiler('the CUDA backend', () => {
  describeClassifierContract('on a GPU in memory', onGpuInMemory, {
    family: 'cnn',
    backend: 'cuda',
    defersLosses: true,
  });

  it.each(RECORDED_TRAJECTORIES)('trains to the numbers recorded in %s', async (_, directory) => {
    expect(await replayRecording(onGpuInMemory(), directory, { backend: 'cuda' })).toMatchObject({
      withinTolerance: true,
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
      createCnnOnnx().create({ ...spec, initialWeights }, { backend: 'graph', threads: 1 }),
      onGpuInMemory().create({ ...spec, initialWeights }, { backend: 'cuda' }),
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
