import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

const small = { trainPerClass: 1, testPerClass: 1, seed: 7 };
let directory: string;
let dataset: Dataset;
beforeAll(async () => {
  directory = join(await temporaryFolder(), 'sample');
  dataset = await createSampleSet({ directory, ...small });
});

describe('createSampleSet', () => {
  test('draws the six classes of the Intel data set, and says that they are drawn', () => {
    const names = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street'];
    expect(dataset.classNames).toEqual(names);
    expect([dataset.train.length, dataset.test.length]).toEqual([6, 6]);
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

  test('draws the same for the same seed, and other pictures for another', async () => {
    const pixels = async (seed: number) => {
      const folder = join(await temporaryFolder(), 'again');
      const { train } = await createSampleSet({ directory: folder, ...small, seed });
      return (await loadImages(train, { height: 24, width: 24, cacheDirectory: false })).pixels;
    };
    const first = await loadImages(dataset.train, { height: 24, width: 24, cacheDirectory: false });
    expect(Buffer.compare(await pixels(7), first.pixels)).toBe(0);
    expect(Buffer.compare(await pixels(8), first.pixels)).not.toBe(0);
  });

  test('tells of every image', async () => {
    const seen: string[] = [];
    const folder = join(await temporaryFolder(), 'told');
    const onProgress = (completed: number, total: number) => seen.push(`${completed}/${total}`);
    await createSampleSet({ directory: folder, trainPerClass: 1, testPerClass: 1, onProgress });
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `${index + 1}/12`));
  });

  test('leaves nothing behind when it is stopped', async () => {
    const parent = await temporaryFolder();
    const controller = new AbortController();
    const drawing = createSampleSet({
      directory: join(parent, 'sample'),
      ...small,
      signal: controller.signal,
      onProgress: (completed) => completed === 4 && controller.abort(),
    });
    await expect(drawing).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(parent)).toEqual([]);
  });

  test("refuses to replace somebody's own images", async () => {
    const own = await createImageFolder();
    await expect(createSampleSet({ directory: own, ...small })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect((await openDataset(own)).train).toHaveLength(8);
  });

  test.each([{ trainPerClass: 0 }, { testPerClass: 1.5 }])('refuses %p', async (wrong) => {
    const drawing = createSampleSet({ directory: join(directory, 'x'), ...small, ...wrong });
    await expect(drawing).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('ensureSampleSet', () => {
  const drawn = async (options: Partial<typeof small> = {}) => {
    let count = 0;
    const onProgress = () => count++;
    await ensureSampleSet({
      directory: join(directory, '..', 'ensured'),
      ...small,
      ...options,
      onProgress,
    });
    return count;
  };

  test('draws what is not there, once, and anew for other options', async () => {
    expect(await drawn()).toBe(12);
    expect(await drawn()).toBe(0);
    expect(await drawn({ seed: 8 })).toBe(12);
    await rm(join(directory, '..', 'ensured', 'dataset.json'));
    await expect(drawn()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

/** Mean red, green and blue of the first training image of each class, seed 1. */
const RECORDED_MEANS: readonly Rgb[] = [
  [131.147, 154.053, 180.187],
  [79.331, 79.188, 68.113],
  [189.6, 244.424, 254.782],
  [135.241, 140.464, 137.234],
  [54.988, 53.225, 66.732],
  [104.351, 102.802, 97.059],
];

describe('drawSample', () => {
  test('draws on every machine what it drew on the first', () => {
    const means = Object.keys(SCENES).map((name) =>
      meanColour(drawSample(name, 1, 'train', 0).pixels),
    );
    const expected = RECORDED_MEANS.flat();
    // Another processor may round a pixel the other way, and no more.
    for (const [index, value] of means.flat().entries())
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 1);
  });

  test('gives no class away by its mean colour', () => {
    const draws = 10;
    const means = Object.keys(SCENES).map((className) =>
      Array.from({ length: draws }, (_, index) =>
        meanColour(drawSample(className, 3, 'x', index).pixels),
      ),
    );
    const centres = means.map((colours) => average(colours));
    const hits = means.flatMap((colours, label) =>
      colours.filter((colour) => nearest(centres, colour) === label),
    );
    expect(hits.length / (draws * centres.length)).toBeLessThan(0.6);
  });
});

type Rgb = [number, number, number];

function average(colours: readonly Rgb[]): Rgb {
  const mean = (channel: 0 | 1 | 2) =>
    colours.reduce((sum, colour) => sum + colour[channel], 0) / colours.length;
  return [mean(0), mean(1), mean(2)];
}

function meanColour(pixels: Uint8Array): Rgb {
  const colours: Rgb[] = [];
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    colours.push([pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0]);
  }
  return average(colours);
}

function nearest(centres: readonly Rgb[], colour: Rgb): number {
  const distances = centres.map((centre) =>
    Math.hypot(...centre.map((value, i) => value - (colour[i] ?? 0))),
  );
  return distances.indexOf(Math.min(...distances));
}
