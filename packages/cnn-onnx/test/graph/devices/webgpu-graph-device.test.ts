import { replayRecording } from '@dlcmp/bench-core';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../../tooling/recorded-trajectories';
import { createCnnOnnx } from '../../../src/index';
import { probeWebGpu } from '../../../src/runtime/webgpu/probe-webgpu';
import { SMALL_SPEC, smallImages } from '../../small-spec';

/** What only a device shows. The whole contract takes nine minutes on one that is emulated. */
const probe = await probeWebGpu();
const [small] = RECORDED_TRAJECTORIES;

if (probe.available) {
  describe(`through WebGPU on ${probe.hardware}`, () => {
    it('trains to the numbers that PyTorch recorded', async () => {
      expect(
        await replayRecording(createCnnOnnx(), small?.[1] as string, { backend: 'graph@webgpu' }),
      ).toMatchObject({ withinTolerance: true });
    });

    it('trains epochs with a smaller last batch, begins anew, and answers as what was saved', async () => {
      const classifier = await createCnnOnnx().create(SMALL_SPEC, { backend: 'graph@webgpu' });
      const images = smallImages(10);
      const losses: number[] = [];
      const options = {
        ...{ epochs: 2, batchSize: 8 },
        onEpochEnd: ({ trainLoss }: { trainLoss: number }) => void losses.push(trainLoss),
      };
      await classifier.fit(images, options);
      await classifier.fit(images, options);
      expect(losses.slice(2)).toEqual(losses.slice(0, 2));
      const onCpu = await createCnnOnnx().create(
        { ...SMALL_SPEC, initialWeights: await classifier.getWeights() },
        { threads: 1 },
      );
      const [expected, actual] = await Promise.all(
        [onCpu, classifier].map((each) => each.predict(images.pixels, images.count)),
      );
      actual?.forEach((value, at) => {
        expect(value).toBeCloseTo(expected?.[at] as number, 5);
      });
      await classifier.dispose();
      await onCpu.dispose();
    });
  });
} else {
  describe('through WebGPU', () => {
    it.skip(`is not tried, as there is no device for it here: ${probe.reason}`, () => {});
  });
}
