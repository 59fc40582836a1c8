import { describe, expect, it } from '@jest/globals';
import { createCnnOnnx } from '../../src/index';
import { createCountingRuntime } from '../counting-runtime';
import { relativeError } from '../relative-error';
import { SMALL_SPEC, smallImages } from '../small-spec';

async function createCounted(threads?: number) {
  const runtime = createCountingRuntime();
  const adapter = createCnnOnnx({ onnxruntime: runtime.module });
  const classifier = await adapter.create(SMALL_SPEC, {
    ...{ engine: 'graph', ...(threads !== undefined && { threads }) },
  });
  return { ...runtime, classifier };
}

describe('the engine graph', () => {
  it('opens a session for training only when it trains', async () => {
    const { classifier, open } = await createCounted();
    expect(open.size).toBe(0);
    await classifier.predictLogits(smallImages(2).pixels, 2);
    expect(open.size).toBe(1);
    await classifier.dispose();
  });

  it('releases every session that it opened', async () => {
    const { classifier, open, options } = await createCounted();
    const images = smallImages(12);
    await classifier.fit(images, { epochs: 2, batchSize: 5 });
    await classifier.predict(images.pixels, images.count);
    await classifier.fit(images, { epochs: 1 });
    await classifier.predict(images.pixels, images.count);
    await classifier.dispose();
    expect(options.length).toBe(3);
    expect(open.size).toBe(0);
  });

  it('gives every session its number of threads', async () => {
    const { classifier, options } = await createCounted(3);
    const images = smallImages(4);
    await classifier.fit(images, { epochs: 1 });
    await classifier.predict(images.pixels, images.count);
    await classifier.dispose();
    expect(options.map(({ intraOpNumThreads }) => intraOpNumThreads)).toEqual([3, 3]);
  });

  it('predicts many images in batches of bounded size, each as if alone', async () => {
    const { classifier, batchSizes } = await createCounted();
    const { pixels, count } = smallImages(70);
    const together = await classifier.predictLogits(pixels, count);
    expect(batchSizes).toEqual([32, 32, 6]);
    const imageBytes = pixels.length / count;
    for (const index of [0, 31, 32, 69]) {
      const image = pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
      const alone = await classifier.predictLogits(image, 1);
      expect(relativeError(together.subarray(index * 3, index * 3 + 3), alone)).toBeLessThan(1e-6);
    }
    await classifier.dispose();
  });

  it('answers with the new weights after every step', async () => {
    const { classifier } = await createCounted();
    const { pixels, labels, count } = smallImages(6);
    const dropoutKeep = new Uint8Array(count * 6).fill(1);
    const before = await classifier.predictLogits(pixels, count);
    await classifier.trainStep(
      { pixels, labels, masks: { dropout: dropoutKeep }, size: count },
      { learningRate: 0.1 },
    );
    const after = await classifier.predictLogits(pixels, count);
    expect(relativeError(after, before)).toBeGreaterThan(1e-3);
    await classifier.dispose();
  });

  it('refuses a second fit while one is under way', async () => {
    const { classifier } = await createCounted();
    const first = classifier.fit(smallImages(6), { epochs: 1 });
    await expect(classifier.fit(smallImages(6))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await first;
    await classifier.dispose();
  });

  it('stops a fit when it is disposed, and frees everything', async () => {
    const { classifier, open } = await createCounted();
    const fit = classifier.fit(smallImages(40), {
      epochs: 100,
      batchSize: 2,
      onProgress: ({ completed }) => {
        if (completed === 3) void classifier.dispose();
      },
    });
    await expect(fit).rejects.toMatchObject({ code: 'DISPOSED' });
    await classifier.dispose();
    expect(open.size).toBe(0);
  });

  it('can be aborted and then freed', async () => {
    const { classifier, open } = await createCounted();
    const controller = new AbortController();
    let steps = 0;
    const fit = classifier.fit(smallImages(40), {
      batchSize: 2,
      signal: controller.signal,
      onProgress: () => {
        steps++;
        if (steps === 3) controller.abort();
      },
    });
    await expect(fit).rejects.toMatchObject({ code: 'ABORTED' });
    expect(steps).toBe(3);
    await classifier.dispose();
    expect(open.size).toBe(0);
  });

  it('refuses a batch whose dropout mask does not fit', async () => {
    const { classifier } = await createCounted();
    const { pixels, labels, count } = smallImages(4);
    const batch = { pixels, labels, masks: { dropout: new Uint8Array(5) }, size: count };
    await expect(classifier.trainStep(batch)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('24'),
    });
    await classifier.dispose();
  });
});
