import { replayRecording } from '@dlcmp/bench-core';
import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { type CnnAdapter, defineNetworkAdapter, type Engine } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../../tooling/recorded-trajectories';
import { createCudaGraphDevice } from '../../../src/graph/devices/cuda-graph-device';
import { DeviceModel } from '../../../src/graph/devices/device-model';
import { createGraphEngine } from '../../../src/graph/graph-engine';
import { createCnnOnnx } from '../../../src/index';
import { importOnnxRuntime } from '../../../src/runtime/onnx-runtime';
import { hasCompiler, openGpuInMemory } from '../../cuda/gpu-in-memory';

if (!hasCompiler) process.stderr.write('graph@cuda is NOT tested here: there is no cc.\n');

/** For all tests: the kernels beside it are compiled once. */
let device: ReturnType<typeof createCudaGraphDevice> | undefined;

/** What runs on an NVIDIA GPU, on one made of main memory: bindings, feeds, recordings and late results are the GPU's. */
function onGpuInMemory(): CnnAdapter {
  const engine: Engine = {
    ...createGraphEngine(importOnnxRuntime),
    devices: ['cuda'],
    probe: async () => ({
      available: true,
      hardware: 'main memory',
      versions: { graphs: 'on the CPU' },
    }),
    open: async (network) => {
      device ??= createCudaGraphDevice(openGpuInMemory());
      return new DeviceModel(device, network);
    },
  };
  return defineNetworkAdapter({ ...createCnnOnnx(), engines: [engine] });
}

const describeWithCompiler = hasCompiler ? describe : describe.skip;

describeWithCompiler('graph@cuda', () => {
  describeClassifierContract('on a GPU in memory', onGpuInMemory, {
    family: 'cnn',
    backend: 'graph',
    defersLosses: true,
  });

  it.each(RECORDED_TRAJECTORIES)('trains to the numbers recorded in %s', async (_, directory) => {
    const replay = await replayRecording(onGpuInMemory(), directory, { backend: 'graph' });
    expect(replay).toMatchObject({ withinTolerance: true });
  });
});
