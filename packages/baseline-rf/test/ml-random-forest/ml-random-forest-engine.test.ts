import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createBaselineRf } from '../../src';
import { accuracyOf, createStripedImages, stripedSpec } from '../striped-images';

const small = { engine: 'ml-random-forest', nEstimators: 15 } as const;

describe('the engine ml-random-forest', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'baseline-rf-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('learns, on images that it has not seen', async () => {
    const classifier = await createBaselineRf(small).create(stripedSpec);
    await classifier.fit(createStripedImages(90));
    const unseen = createStripedImages(90, 1000);
    const probabilities = await classifier.predict(unseen.pixels, unseen.count);
    expect(accuracyOf(probabilities, unseen.labels)).toBeGreaterThan(0.8);
  });

  it('answers with shares of the trees', async () => {
    const classifier = await createBaselineRf({ ...small, nEstimators: 4 }).create(stripedSpec);
    const images = createStripedImages(30);
    await classifier.fit(images);
    const probabilities = await classifier.predict(images.pixels, images.count);
    expect([...probabilities].every((share) => Number.isInteger(share * 4))).toBe(true);
  });

  it('draws rows of every class, though they are sorted', async () => {
    const sorted = createStripedImages(60);
    sorted.labels.sort();
    const adapter = createBaselineRf({ ...small, rowsPerTree: 20 });
    const classifier = await adapter.create(stripedSpec);
    await classifier.fit(sorted);
    const probabilities = await classifier.predict(sorted.pixels, sorted.count);
    const share = (label: number) =>
      [...probabilities].filter((_, index) => index % 3 === label).reduce((a, b) => a + b) / 60;
    for (const label of [0, 1, 2]) expect(share(label)).toBeGreaterThan(0.15);
  });

  it('says how many rows and features each tree saw', async () => {
    const adapter = createBaselineRf({ ...small, rowsPerTree: 20, maxFeatures: 0.5 });
    const classifier = await adapter.create(stripedSpec);
    const summary = await classifier.fit(createStripedImages(60));
    expect(summary.details).toEqual({
      engine: 'ml-random-forest',
      trees: 15,
      rowsPerTree: 20,
      featuresPerTree: 45,
      maxDepth: 'unlimited',
    });
    expect(summary.notes[0]).toMatch(/20 of 60 training images/);
  });

  it('stops between two trees when aborted', async () => {
    const classifier = await createBaselineRf(small).create(stripedSpec);
    const controller = new AbortController();
    const seen: number[] = [];
    const fitting = classifier.fit(createStripedImages(30), {
      signal: controller.signal,
      onProgress: ({ completed }) => {
        seen.push(completed);
        if (completed === 3) controller.abort();
      },
    });
    await expect(fitting).rejects.toMatchObject({ code: 'ABORTED' });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('survives saving and loading', async () => {
    const adapter = createBaselineRf(small);
    const classifier = await adapter.create(stripedSpec);
    const images = createStripedImages(30);
    await classifier.fit(images);
    await classifier.save(directory);
    const loaded = await adapter.load(directory);
    expect(await loaded.predict(images.pixels, 30)).toEqual(
      await classifier.predict(images.pixels, 30),
    );
  });

  it('refuses trees that are damaged', async () => {
    const adapter = createBaselineRf(small);
    const classifier = await adapter.create(stripedSpec);
    await classifier.fit(createStripedImages(30));
    await classifier.save(directory);
    await writeFile(join(directory, 'trees.json'), '[{"name":"RFRegression"}]');
    await expect(adapter.load(directory)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });

  it('refuses settings out of range', async () => {
    const wrong = [
      { ...small, nEstimators: 0 },
      { ...small, rowsPerTree: 1.5 },
      { ...small, maxDepth: -1 },
    ];
    for (const options of wrong) {
      await expect(createBaselineRf(options).create(stripedSpec)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    }
  });
});
