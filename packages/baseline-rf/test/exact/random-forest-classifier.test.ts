import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGenerator, nextInteger } from '@dlcmp/contract';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClassWeight, RandomForestClassifier, type RandomForestParameters } from '../../src';
import { createStripedImages } from '../striped-images';

const { pixels, labels } = createStripedImages(120);
const unseen = createStripedImages(60, 1000);

async function fitted(parameters: RandomForestParameters = {}, threads = 1) {
  const classifier = new RandomForestClassifier({ nEstimators: 12, ...parameters });
  await classifier.fit(pixels, labels, { threads });
  return classifier;
}

describe('RandomForestClassifier', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'baseline-rf-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('grows the same forest on any number of threads', async () => {
    const [one, two, five] = await Promise.all([fitted({}, 1), fitted({}, 2), fitted({}, 5)]);
    expect(two.predictProba(unseen.pixels)).toEqual(one.predictProba(unseen.pixels));
    expect(five.predictProba(unseen.pixels)).toEqual(one.predictProba(unseen.pixels));
    expect(five.featureImportances).toEqual(one.featureImportances);
  });

  it('grows another forest for another seed', async () => {
    const [one, other] = await Promise.all([fitted({ seed: 1 }), fitted({ seed: 2 })]);
    expect(other.predictProba(unseen.pixels)).not.toEqual(one.predictProba(unseen.pixels));
  });

  it('predicts the most probable class', async () => {
    const predicted = (await fitted()).predict(unseen.pixels);
    const right = unseen.labels.filter((label, image) => predicted[image] === label);
    expect(right.length / unseen.count).toBeGreaterThan(0.9);
  });

  it('scores out of the bag what it cannot know at chance', async () => {
    const generator = createGenerator(3, 'coin');
    const coin = labels.map(() => nextInteger(generator, 3));
    const classifier = new RandomForestClassifier({ nEstimators: 60, oobScore: true });
    await classifier.fit(pixels, coin);
    expect(classifier.predict(pixels)).toEqual(coin);
    expect(classifier.oobScore).toBeLessThan(0.5);
  });

  it('has no out-of-bag score unless asked for', async () => {
    expect((await fitted()).oobScore).toBeUndefined();
  });

  it('grows until its leaves are pure, or to the greatest depth', async () => {
    const values = Uint8Array.from({ length: 64 }, (_, sample) => sample);
    const alternating = Int32Array.from(values, (value) => value % 2);
    const sizeAt = async (maxDepth: number | null) => {
      const parameters = { nEstimators: 1, bootstrap: false, maxDepth };
      const classifier = new RandomForestClassifier(parameters);
      await classifier.fit(values, alternating);
      return classifier.treeSizes[0];
    };
    expect((await sizeAt(null))?.nodeCount).toBe(127);
    expect((await sizeAt(2))?.depth).toBe(2);
  });

  it('finds the features that matter', async () => {
    const values = Uint8Array.from({ length: 300 }, (_, index) => (index * 7919) % 251);
    const byThird = Int32Array.from({ length: 100 }, (_, row) =>
      Number((values[row * 3 + 2] as number) > 120),
    );
    const classifier = new RandomForestClassifier({ nEstimators: 20, maxFeatures: null });
    await classifier.fit(values, byThird);
    const importances = classifier.featureImportances;
    expect(importances.reduce((sum, importance) => sum + importance)).toBeCloseTo(1, 12);
    expect(importances[2]).toBeGreaterThan(0.9);
  });

  it('leans to the class of greater weight', async () => {
    const noise = Uint8Array.from({ length: 200 }, (_, index) => (index * 31) % 7);
    const rare = Int32Array.from({ length: 200 }, (_, row) => Number(row % 5 === 0));
    const meanOfRare = async (classWeight: ClassWeight) => {
      const classifier = new RandomForestClassifier({ nEstimators: 20, maxDepth: 1, classWeight });
      await classifier.fit(noise, rare);
      return classifier.predictProba(noise).reduce((sum, p, at) => sum + (at % 2) * p, 0) / 200;
    };
    expect(await meanOfRare(null)).toBeCloseTo(0.2, 1);
    expect(await meanOfRare('balanced')).toBeCloseTo(0.5, 1);
    expect(await meanOfRare([1, 36])).toBeCloseTo(0.9, 1);
  });

  it('survives saving and loading', async () => {
    const classifier = await fitted({ oobScore: true });
    await classifier.save(directory);
    const loaded = await RandomForestClassifier.load(directory);
    expect(loaded.predictProba(unseen.pixels)).toEqual(classifier.predictProba(unseen.pixels));
    expect(loaded.featureImportances).toEqual(classifier.featureImportances);
    expect(loaded.oobScore).toBe(classifier.oobScore);
  });

  it('refuses a saved forest that is damaged anywhere', async () => {
    await (await fitted({ nEstimators: 2 })).save(directory);
    const path = join(directory, 'forest.bin');
    const bytes = await readFile(path);
    const bodyStart = bytes.indexOf('\n', bytes.indexOf('\n') + 1) + 1;
    const damages = [
      bytes.subarray(0, 5),
      bytes.subarray(0, bodyStart),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.of(0)]),
      Buffer.from(bytes.toString('latin1').replace('forest 1', 'forest 2'), 'latin1'),
      Buffer.from(bytes.toString('latin1').replace('"classCount":3', '"classCount":-'), 'latin1'),
      Buffer.concat([
        bytes.subarray(0, bodyStart),
        Buffer.alloc(4, 255),
        bytes.subarray(bodyStart + 4),
      ]),
    ];
    for (const damaged of damages) {
      await writeFile(path, damaged);
      await expect(RandomForestClassifier.load(directory)).rejects.toMatchObject({
        code: 'INVALID_FILE',
      });
    }
  });

  it('refuses to answer before fit', () => {
    const classifier = new RandomForestClassifier();
    expect(() => classifier.predict(pixels)).toThrow(/Call fit first/);
    expect(() => classifier.featureImportances).toThrow(/Call fit first/);
  });

  it.each<RandomForestParameters>([
    { nEstimators: 0 },
    { minSamplesLeaf: 0.5 },
    { maxDepth: 0 },
    { seed: -1 },
    { bootstrap: false, oobScore: true },
    { splitter: 'worst' as 'best' },
  ])('refuses the parameters %j', (parameters) => {
    expect(() => new RandomForestClassifier(parameters)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('refuses samples that do not fit their labels', async () => {
    const classifier = new RandomForestClassifier({ classWeight: [1, 2] });
    const wrong = [
      classifier.fit(pixels.subarray(1), labels),
      classifier.fit(new Uint8Array(0), labels),
      classifier.fit(
        pixels,
        labels.map((label) => label - 1),
      ),
      classifier.fit(pixels, labels, { classCount: 2 }),
      classifier.fit(pixels, labels, { threads: 0 }),
      classifier.fit(pixels, labels),
    ];
    for (const fitting of wrong) {
      await expect(fitting).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});
