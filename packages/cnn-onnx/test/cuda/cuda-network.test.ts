import { replayRecording } from '@dlcmp/bench-core';
import { createSeparableImages, describeClassifierContract } from '@dlcmp/bench-core/testing';
import {
  type CnnAdapter,
  createInitialWeights,
  defineNetworkAdapter,
  type ModelSpec,
  type NetworkDescription,
} from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../tooling/recorded-trajectories';
import { createCudaEngine } from '../../src/cuda';
import type { CudaEngine } from '../../src/cuda/cuda-engine';
import { createCnnOnnx } from '../../src/index';
import { relativeError } from '../relative-error';
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

  it('trains any network that begins with blocks as the CPU does', async () => {
    const network: NetworkDescription = {
      ...{ schemaVersion: 1, name: 'two-blocks' },
      normalisation: { mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.3, 0.25] },
      nodes: [
        ...block('a', 5),
        ...block('b', 6),
        { type: 'conv2d', name: 'c', channels: 4, kernelSize: 3, stride: 2, padding: 1 },
        { type: 'gelu', name: 'act' },
        { type: 'flatten' },
        { type: 'dense', name: 'd', units: 9 },
        { type: 'sigmoid' },
        { type: 'dropout', name: 'drop', rate: 0.25 },
        { type: 'dense', name: 'out', units: 'classes' },
      ],
    };
    const spec = { inputHeight: 18, inputWidth: 15, classNames: ['a', 'b', 'c'], seed: 2, network };
    const { classNames, ...size } = spec;
    const images = createSeparableImages({ ...size, count: 10, classCount: classNames.length });
    const trained = await Promise.all(
      [
        createCnnOnnx().create(spec, { engine: 'graph', threads: 1 }),
        onGpuInMemory().create(spec, { engine: 'cuda' }),
      ].map(async (opening) => {
        const classifier = await opening;
        await classifier.fit(images, { epochs: 3, batchSize: 4 });
        const [weights, logits] = [
          await classifier.getWeights(),
          await classifier.predictLogits(images.pixels, images.count),
        ];
        await classifier.dispose();
        return { weights, logits };
      }),
    );
    const [cpu, gpu] = trained as [(typeof trained)[0], (typeof trained)[0]];
    expect(relativeError(gpu.logits, cpu.logits)).toBeLessThan(1e-4);
    for (const [name, { data }] of Object.entries(cpu.weights)) {
      expect(relativeError(gpu.weights[name]?.data ?? [], data)).toBeLessThan(1e-3);
    }
  });

  it('refuses a network by the node that it cannot compute', async () => {
    const nodes: NetworkDescription['nodes'] = [
      ...block('a', 5),
      { type: 'batchNorm', name: 'norm' },
      { type: 'flatten' },
      { type: 'dense', name: 'out', units: 'classes' },
    ];
    const network: NetworkDescription = { schemaVersion: 1, name: 'normal', nodes };
    const spec = { inputHeight: 8, inputWidth: 8, classNames: ['a', 'b'], seed: 1, network };
    await expect(onGpuInMemory().create(spec, { engine: 'cuda' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('batchNorm "norm"'),
    });
  });
});

function block(name: string, channels: number): NetworkDescription['nodes'][number][] {
  return [
    { type: 'conv2d', name, channels, kernelSize: 3, padding: 1 },
    { type: 'relu' },
    { type: 'maxPool', kernelSize: 2 },
  ];
}
