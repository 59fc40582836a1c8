import type { Classifier } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { measureThroughput } from '../../src/measure/throughput';

const size = { inputHeight: 1, inputWidth: 1 };

/** Takes 100 ms a batch, whatever its size, and refuses more than `limit` images. */
function classifierWithClock(limit = Number.POSITIVE_INFINITY, batchSeconds = 0.1) {
  let seconds = 0;
  const asked: number[] = [];
  const classifier = {
    predict: async (pixels: Uint8Array, count: number) => {
      if (count > limit) throw new Error('too many');
      expect(pixels).toHaveLength(count * 3);
      asked.push(count);
      seconds += batchSeconds;
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

  it('warms up with one batch and measures as many as a second takes where batches take long', async () => {
    const { classifier, asked, clock } = classifierWithClock(Number.POSITIVE_INFINITY, 0.8);
    const { throughput } = await measureThroughput(classifier, images(200), size, clock);
    expect(asked).toEqual([1, 1, 1, 8, 8, 8, 32, 32, 32, 128, 128, 128]);
    expect(throughput.map(({ images: counted }) => counted)).toEqual([2, 16, 64, 256]);
  });

  it('goes round a test set that is smaller than a batch', async () => {
    const seen: number[][] = [];
    const { classifier, clock } = classifierWithClock();
    const predict = async (pixels: Uint8Array, count: number) => {
      if (count === 8) seen.push([...pixels].filter((_, byte) => byte % 3 === 0));
      return classifier.predict(pixels, count);
    };
    const three = { ...images(3), pixels: Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3) };
    const measured = await measureThroughput({ ...classifier, predict }, three, size, clock);
    expect(measured.throughput.map(({ batchSize }) => batchSize)).toEqual([1, 8, 32, 128]);
    expect(seen[0]).toEqual([1, 2, 3, 1, 2, 3, 1, 2]);
  });

  it('notes why a batch size was refused, and keeps the others', async () => {
    const { classifier, clock } = classifierWithClock(32);
    const { throughput, notes } = await measureThroughput(classifier, images(200), size, clock);
    expect(throughput).toHaveLength(3);
    expect(notes).toEqual(['Throughput at batch size 128 could not be measured: too many']);
  });
});
