import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import {
  createSampleSet,
  type Dataset,
  ensureSampleSet,
  loadImages,
  openDataset,
  verifyDataset,
} from '../src';
import { drawSample, SCENES } from '../src/sample/draw-sample';
import { createImageFolder, temporaryFolder } from './image-folder';

const drawer = fileURLToPath(new URL('./fixtures/draw-sample-set.mjs', import.meta.url));
const trainPerClass = 10;
let parent: string;
let directory: string;
let dataset: Dataset;
beforeAll(async () => {
  parent = await temporaryFolder();
  directory = join(parent, 'sample');
  await promisify(execFile)(process.execPath, [drawer, directory, '7', String(trainPerClass)]);
  dataset = await openDataset(directory);
});

describe('createSampleSet', () => {
  test('of four at once leaves one whole set, and none fails', async () => {
    const shared = join(parent, 'shared');
    const options = { directory: shared, seed: 9, trainPerClass: 2, testPerClass: 1 };
    const sets = await Promise.all([1, 2, 3, 4].map(() => ensureSampleSet(options)));
    expect(sets.map(({ train }) => train.length)).toEqual([12, 12, 12, 12]);
    expect((await verifyDataset(shared)).problems).toEqual([]);
    const left = (await readdir(parent)).filter((name) => name.startsWith('shared'));
    expect(left).toEqual(['shared']);
  });

  test('draws the six classes of the Intel data set, and says that they are drawn', () => {
    const names = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street'];
    expect(dataset.classNames).toEqual(names);
    expect([dataset.train.length, dataset.test.length]).toEqual([60, 6]);
    expect(dataset.synthetic).toBe(true);
  });

  test('writes JPEGs of 150×150, no two alike', async () => {
    for (const { path } of dataset.train) {
      expect(await sharp(path).metadata()).toMatchObject({
        format: 'jpeg',
        width: 150,
        height: 150,
      });
    }
    const { problems, duplicates } = await verifyDataset(directory);
    expect([problems, duplicates]).toEqual([[], []]);
  });

  test.each([
    ['the same for the same seed', 7, true],
    ['other pictures for another seed', 8, false],
  ])('draws %s, however many', async (_, seed, same) => {
    const again = join(parent, `seed-${seed}`);
    await createSampleSet({ directory: again, seed, trainPerClass: 1, testPerClass: 1 });
    for (const name of dataset.classNames) {
      const file = join('seg_train', name, `${name}-0001.jpg`);
      const [first, second] = await Promise.all(
        [directory, again].map((set) => readFile(join(set, file))),
      );
      expect(first?.equals(second ?? Buffer.alloc(0))).toBe(same);
    }
  });

  test('gives no class away by the mean colour of its pictures', async () => {
    const size = { height: 1, width: 1, cacheDirectory: false as const };
    const { pixels, labels } = await loadImages(dataset.train, size);
    const colours = [...labels].map((_, index) => [...pixels.subarray(index * 3, index * 3 + 3)]);
    const centres = dataset.classNames.map((_, label) =>
      [0, 1, 2].map((channel) =>
        mean(
          colours
            .filter((__, index) => labels[index] === label)
            .map((colour) => colour[channel] ?? 0),
        ),
      ),
    );
    const hits = colours.filter((colour, index) => nearest(centres, colour) === labels[index]);
    expect(hits.length / colours.length).toBeLessThan(0.6);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const folder = await temporaryFolder();
    const controller = new AbortController();
    const drawing = createSampleSet({
      directory: join(folder, 'sample'),
      signal: controller.signal,
      onProgress: (completed) => completed === 2 && controller.abort(),
    });
    await expect(drawing).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(folder)).toEqual([]);
  });

  test("refuses to replace somebody's own images", async () => {
    const own = await createImageFolder();
    await expect(createSampleSet({ directory: own })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect((await openDataset(own)).train).toHaveLength(8);
  });

  test.each([{ trainPerClass: 0 }, { testPerClass: 1.5 }])('refuses %p', async (wrong) => {
    const drawing = createSampleSet({ directory: join(parent, 'x'), ...wrong });
    await expect(drawing).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('ensureSampleSet', () => {
  test('draws what is not there, once, and anew for other options, telling of every image', async () => {
    const ensure = async (seed: number) => {
      const seen: string[] = [];
      await ensureSampleSet({
        directory: join(parent, 'ensured'),
        seed,
        trainPerClass: 1,
        testPerClass: 1,
        onProgress: (completed, total) => seen.push(`${completed}/${total}`),
      });
      return seen;
    };
    const all = Array.from({ length: 12 }, (_, index) => `${index + 1}/12`);
    expect(await ensure(1)).toEqual(all);
    expect(await ensure(1)).toEqual([]);
    expect(await ensure(2)).toEqual(all);
    await rm(join(parent, 'ensured', 'dataset.json'));
    await expect(ensure(2)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

/** Mean red, green and blue of the first training image of each class, seed 1. */
const RECORDED_MEANS = [
  [131.147, 154.053, 180.187],
  [79.331, 79.188, 68.113],
  [189.6, 244.424, 254.782],
  [135.241, 140.464, 137.234],
  [54.988, 53.225, 66.732],
  [104.351, 102.802, 97.059],
];

test('drawSample draws on every machine what it drew on the first', () => {
  for (const [index, className] of Object.keys(SCENES).entries()) {
    const { pixels } = drawSample(className, 1, 'train', 0);
    for (const [channel, recorded] of (RECORDED_MEANS[index] ?? []).entries()) {
      // Another processor may round a pixel the other way, and no more.
      expect(mean(pixels.filter((_, at) => at % 3 === channel))).toBeCloseTo(recorded, 1);
    }
  }
});

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function nearest(centres: readonly number[][], colour: readonly number[]): number {
  const distances = centres.map((centre) =>
    Math.hypot(...centre.map((value, channel) => value - (colour[channel] ?? 0))),
  );
  return distances.indexOf(Math.min(...distances));
}
