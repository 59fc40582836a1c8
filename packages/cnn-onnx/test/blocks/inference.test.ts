import { describe, expect, it } from '@jest/globals';
import { relativeError } from '../relative-error';
import { batchOf, createAsGraph, createByBlocks, imagesOf, SPECS } from './specs';

describe.each(SPECS)('inference by blocks: %s', (_, of) => {
  it.each([1, 2, 3])(
    'answers as one graph does, on %i threads, before and after a step',
    async (threads) => {
      const { pixels } = imagesOf(of, 35);
      const imageBytes = pixels.length / 35;
      const blocks = await createByBlocks(of, threads);
      const compare = async () => {
        const initialWeights = await blocks.getWeights();
        const graph = await createAsGraph({ ...of, initialWeights }, threads);
        for (const count of [35, 1, 2, 4]) {
          const part = pixels.subarray(0, count * imageBytes);
          const expected = await graph.predictLogits(part, count);
          const error = relativeError(await blocks.predictLogits(part, count), expected);
          expect(error).toBeLessThan(1e-5);
        }
        await graph.dispose();
      };
      await compare();
      await blocks.trainStep(batchOf(of, 8), { learningRate: 0.01 });
      await compare();
      await blocks.dispose();
    },
  );
});
