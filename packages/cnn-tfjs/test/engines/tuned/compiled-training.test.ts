import { replayRecording } from '@dlcmp/bench-core';
import { type CnnAdapter, defineNetworkAdapter } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../../tooling/recorded-trajectories';
import { relativeError } from '../../../../tensorflow/test/relative-error';
import { cnnTfjs } from '../../../src';
import { defineTensorEngine } from '../../../src/engines/tensor-engine';
import { openTuned, tunedEngine } from '../../../src/engines/tuned';
import { loadTensorFlowModules } from '../../../src/tensorflow-modules';
import { HAS_NATIVE_TENSORFLOW } from '../../engines-under-test';
import { SMALL_SPEC, smallImages } from '../../small-spec';

/** The adapter as it trains on a GPU, with the kernels that a GPU is given, on the CPU. */
const compiled: CnnAdapter = defineNetworkAdapter({
  id: 'cnn-tfjs',
  displayName: 'compiled',
  frameworkDefaults: cnnTfjs.frameworkDefaults,
  engines: [
    defineTensorEngine(loadTensorFlowModules, {
      ...tunedEngine,
      open: (modules) =>
        openTuned(modules, { device: 'CPU', kernels: 'GPU', asynchronous: true, threads: 1 }),
    }),
  ],
});

const whereThereIsTensorFlow = HAS_NATIVE_TENSORFLOW ? describe : describe.skip;

whereThereIsTensorFlow('a training step as one function', () => {
  it.each(RECORDED_TRAJECTORIES)("trains to PyTorch's numbers in %s", async (_, directory) => {
    expect(await replayRecording(compiled, directory)).toMatchObject({ withinTolerance: true });
  });

  it('fits as the ops one by one do, with a smaller last batch and looks at it between epochs', async () => {
    const images = smallImages(23);
    const weightsOf = async (adapter: CnnAdapter) => {
      const losses: number[] = [];
      const classifier = await adapter.create(SMALL_SPEC, { backend: 'tuned', threads: 1 });
      await classifier.fit(images, {
        epochs: 3,
        batchSize: 5,
        onEpochEnd: async ({ trainLoss }) => {
          losses.push(trainLoss);
          await classifier.predict(images.pixels, images.count);
        },
      });
      const weights = await classifier.getWeights();
      await classifier.dispose();
      return { losses, weights };
    };
    const [expected, actual] = [await weightsOf(cnnTfjs), await weightsOf(compiled)];
    expect(relativeError(actual.losses, expected.losses)).toBeLessThan(1e-5);
    for (const [name, { data }] of Object.entries(expected.weights)) {
      expect(relativeError(actual.weights[name]?.data ?? [], data)).toBeLessThan(1e-4);
    }
  });

  it('goes on from what was fitted, and starts anew with every fit', async () => {
    const images = smallImages(12);
    const classifier = await compiled.create(SMALL_SPEC);
    await classifier.fit(images, { epochs: 1 });
    const first = await classifier.predictLogits(images.pixels, images.count);
    await classifier.fit(images, { epochs: 1 });
    expect(await classifier.predictLogits(images.pixels, images.count)).toEqual(first);
    await classifier.dispose();
  });

  it('leaves no tensor behind', async () => {
    const { core: tf } = await loadTensorFlowModules();
    const before = tf.memory().numTensors;
    const images = smallImages(12);
    const classifier = await compiled.create(SMALL_SPEC);
    await classifier.fit(images, { epochs: 2, batchSize: 5 });
    await classifier.getWeights();
    await classifier.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
