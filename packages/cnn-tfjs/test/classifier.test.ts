import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readSafetensors } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { relativeError } from '../../tensorflow/test/relative-error';
import { cnnTfjs } from '../src';
import { loadTensorFlowModules } from '../src/tensorflow-modules';
import { FAST_ENGINES_UNDER_TEST } from './engines-under-test';
import { SMALL_SPEC, smallImages } from './small-spec';

const { core: tf } = await loadTensorFlowModules();

function smallBatch(count: number) {
  const { pixels, labels } = smallImages(count);
  return { pixels, labels, masks: { dropout: new Uint8Array(count * 6).fill(1) }, size: count };
}

/** Bytes by which heaps may fragment; a step leaks none. */
const FRAGMENTS = 2 ** 26;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of this process without what JavaScript would leave to its next collection. */
function residentBytes(): number {
  collectGarbage();
  return process.memoryUsage.rss();
}

describe.each(FAST_ENGINES_UNDER_TEST)('the classifier of cnn-tfjs on %s', (backend) => {
  it('keeps as many tensors and as much memory over a thousand steps', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend, threads: 1 });
    const batch = smallBatch(3);
    await classifier.trainStep(batch);
    const { numTensors, numBytes } = tf.memory();
    for (let step = 0; step < 200; step++) await classifier.trainStep(batch);
    const before = residentBytes();
    for (let step = 200; step < 1000; step++) await classifier.trainStep(batch);
    expect(residentBytes() - before).toBeLessThan(FRAGMENTS);
    await classifier.predict(batch.pixels, batch.size);
    await classifier.computeGradients(batch);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    await classifier.dispose();
  });

  it('leaves no tensor when it is disposed, whatever it did', async () => {
    const before = tf.memory().numTensors;
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const images = smallImages(12);
    await classifier.fit(images, { epochs: 2, batchSize: 5 });
    await classifier.fit(images, { epochs: 1 });
    await classifier.predict(images.pixels, images.count);
    await classifier.getWeights();
    await classifier.dispose();
    await classifier.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains to the same numbers on one thread and on three, but for rounding', async () => {
    const images = smallImages(20);
    const results = await Promise.all(
      [1, 3].map(async (threads) => {
        const classifier = await cnnTfjs.create(SMALL_SPEC, { backend, threads });
        const { details } = await classifier.fit(images, { epochs: 2, batchSize: 7 });
        const logits = await classifier.predictLogits(images.pixels, images.count);
        await classifier.dispose();
        expect(details).toMatchObject({ engine: backend.split('@')[0], optimizer: 'adam' });
        return logits;
      }),
    );
    expect(relativeError(results[1] ?? [], results[0] ?? [])).toBeLessThan(1e-3);
  });

  it('predicts many images in batches, each as if alone', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const { pixels, count } = smallImages(70);
    const together = await classifier.predictLogits(pixels, count);
    const imageBytes = pixels.length / count;
    for (const index of [0, 31, 32, 69]) {
      const image = pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
      const alone = await classifier.predictLogits(image, 1);
      expect(relativeError(together.slice(index * 3, index * 3 + 3), alone)).toBeLessThan(1e-6);
    }
    await classifier.dispose();
  });

  it('saves weights that other programs read, and opens them again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dlcmp-'));
    const images = smallImages(9);
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    await classifier.fit(images, { epochs: 1 });
    await classifier.save(directory);
    const loaded = await cnnTfjs.load(directory, { backend });
    expect((await readdir(directory)).sort()).toEqual([
      'model.json',
      'weights.bin',
      'weights.safetensors',
    ]);
    expect(await readSafetensors(join(directory, 'weights.safetensors'))).toEqual(
      await classifier.getWeights(),
    );
    expect(await loaded.predict(images.pixels, images.count)).toEqual(
      await classifier.predict(images.pixels, images.count),
    );
    await Promise.all([classifier.dispose(), loaded.dispose()]);
    await rm(directory, { recursive: true });
  });

  it('lets timers run while it trains, so that they can abort it', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const fit = classifier.fit(smallImages(40), { epochs: 1e6, signal: controller.signal });
    await expect(fit).rejects.toMatchObject({ code: 'ABORTED' });
    await classifier.dispose();
  });

  it('stops a fit when it is disposed', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const fit = classifier.fit(smallImages(40), {
      epochs: 100,
      batchSize: 2,
      onProgress: ({ completed }) => {
        if (completed === 3) void classifier.dispose();
      },
    });
    await expect(fit).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('refuses a second fit while one is under way', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const first = classifier.fit(smallImages(6), { epochs: 1 });
    await expect(classifier.fit(smallImages(6))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await first;
    await classifier.dispose();
  });

  it('refuses a batch whose dropout mask does not fit', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const batch = { ...smallBatch(4), masks: { dropout: new Uint8Array(5) } };
    await expect(classifier.trainStep(batch)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('24'),
    });
    await classifier.dispose();
  });

  it('says when the loss is no longer finite', async () => {
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    const fit = classifier.fit(smallImages(8), { epochs: 50, learningRate: 1e30 });
    await expect(fit).rejects.toMatchObject({ code: 'DIVERGED' });
    await classifier.dispose();
  });
});
