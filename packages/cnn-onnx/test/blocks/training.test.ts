import { describe, expect, it } from '@jest/globals';
import { relativeError } from '../relative-error';
import { batchOf, createAsGraph, createByBlocks, SPECS } from './specs';

/** Fewer images than threads, more, and in between a batch that needs more room. */
const SIZES = [2, 7, 3];

describe.each(SPECS)('training by blocks: %s', (_, of) => {
  it.each([1, 2, 3])('has the gradients of one graph, on %i threads', async (threads) => {
    const [blocks, graph] = [await createByBlocks(of, threads), await createAsGraph(of, threads)];
    for (const size of SIZES) {
      const batch = batchOf(of, size);
      const expected = await graph.computeGradients(batch);
      const { loss, gradients } = await blocks.computeGradients(batch);
      expect(loss).toBeCloseTo(expected.loss, 5);
      expect(Object.keys(gradients)).toEqual(Object.keys(expected.gradients));
      for (const [name, { shape, data }] of Object.entries(expected.gradients)) {
        expect(gradients[name]?.shape).toEqual(shape);
        expect({ name, error: relativeError(gradients[name]?.data ?? [], data) }).toEqual({
          name,
          error: expect.closeTo(0, 4),
        });
      }
    }
    await Promise.all([blocks.dispose(), graph.dispose()]);
  });

  it.each([1, 3])(
    'takes the steps of one graph, on %i threads, the same each time',
    async (threads) => {
      const train = async (create: typeof createByBlocks) => {
        const classifier = await create(of, threads);
        for (const size of SIZES) await classifier.trainStep(batchOf(of, size), { epsilon: 1e-4 });
        const weights = await classifier.getWeights();
        await classifier.dispose();
        return weights;
      };
      const [first, second, expected] = [
        await train(createByBlocks),
        await train(createByBlocks),
        await train(createAsGraph),
      ];
      expect(second).toEqual(first);
      for (const [name, { data }] of Object.entries(expected)) {
        expect(relativeError(first[name]?.data ?? [], data)).toBeLessThan(1e-4);
      }
    },
  );
});
