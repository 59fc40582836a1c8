import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/contract';
import { measureThroughput } from '../../src/measure/throughput';

const size = { inputHeight: 1, inputWidth: 1 };

/** Takes 100 ms a batch, whatever its size, and refuses more than `limit` images. */
function classifierWithClock(limit = Number.POSITIVE_INFINITY) {
  let seconds = 0;
  const asked: number[] = [];
  const classifier = {
    predict: async (pixels: Uint8Array, count: number) => {
      if (count > limit) throw new Error('too many');
      expect(pixels).toHaveLength(count * 3);
      asked.push(count);
      seconds += 0.1;
      return new Float32Array(count);
    },
  } as unknown as Classifier;
  return { classifier, asked, clock: () => seconds };
}

function images(count: number) {
  return { pixels: new Uint8Array(count * 3), labels: new Int32Array(count), count };
}

describe('measureThroughput', () => {
  it('counts the images of half a second at each batch size', async () => {
    const { classifier, clock } = classifierWithClock();
    const { throughput } = await measureThroughput(classifier, images(200), size, clock);
    expect(throughput.map(({ batchSize }) => batchSize)).toEqual([1, 8, 32, 128]);
    for (const { batchSize, imagesPerSecond } of throughput)
      expect(imagesPerSecond).toBeCloseTo(10 * batchSize, 6);
  });

  it('leaves out batch sizes that the test set cannot fill', async () => {
    const { classifier, asked, clock } = classifierWithClock();
    const { throughput } = await measureThroughput(classifier, images(31), size, clock);
    expect(throughput.map(({ batchSize }) => batchSize)).toEqual([1, 8]);
    expect(new Set(asked)).toEqual(new Set([1, 8]));
  });

  it('notes why a batch size was refused, and keeps the others', async () => {
    const { classifier, clock } = classifierWithClock(32);
    const { throughput, notes } = await measureThroughput(classifier, images(200), size, clock);
    expect(throughput).toHaveLength(3);
    expect(notes).toEqual(['Throughput at batch size 128 could not be measured: too many']);
  });
});
