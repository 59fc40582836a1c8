import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { exploreDataset, openDataset, sampleThumbnails, verifyDataset } from '../src';
import { resizeImage } from '../src/images/resize-image';
import { createImageFolder, picture, writeFiles } from './image-folder';

let root: string;
beforeEach(async () => {
  root = await createImageFolder({ train: 4, test: 2 });
});

describe('verifyDataset', () => {
  test('finds nothing wrong with a good data set', async () => {
    expect(await verifyDataset(root)).toMatchObject({
      problems: [],
      duplicates: [],
      counts: [
        { className: 'cat', train: 4, test: 2 },
        { className: 'dog', train: 4, test: 2 },
      ],
      sizes: { oddCount: 0, sizes: [{ width: 20, height: 10, count: 12 }] },
    });
  });

  test('reports bad files and a bad structure together', async () => {
    await mkdir(join(root, 'train', 'emu'));
    await writeFiles(root, { 'train/cat/8.png': '', 'test/dog/9.png': 'text' });
    const { problems } = await verifyDataset(root);
    expect(problems.map(({ kind }) => kind).sort()).toEqual([
      'bad-image',
      'bad-image',
      'class-in-one-split',
      'empty-class',
    ]);
    expect(problems.map(({ path }) => path)).toContain(join(root, 'test', 'dog', '9.png'));
  });

  test('reports a missing split without throwing', async () => {
    const { problems } = await verifyDataset(join(root, 'train', 'cat'));
    expect(problems.map(({ kind }) => kind)).toEqual(['missing-split']);
  });

  test('reports a copy within a class', async () => {
    await copyFile(join(root, 'train/cat/0.png'), join(root, 'train/cat/copy.png'));
    const { duplicates } = await verifyDataset(root);
    expect(duplicates).toMatchObject([
      { identicalBytes: true, acrossSplits: false, acrossClasses: false },
    ]);
    expect(duplicates[0]?.files.map(({ relativePath }) => relativePath)).toEqual([
      'train/cat/0.png',
      'train/cat/copy.png',
    ]);
  });

  test('reports the same pixels in another file format, across splits and classes', async () => {
    const webp = await picture(1).webp({ lossless: true }).toBuffer();
    await writeFile(join(root, 'test/dog/same.webp'), webp);
    expect((await verifyDataset(root)).duplicates).toMatchObject([
      { identicalBytes: false, acrossSplits: true, acrossClasses: true },
    ]);
  });

  test('takes the same bytes in another shape for another picture', async () => {
    const flat = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#123456' } })
        .png()
        .toBuffer();
    await writeFile(join(root, 'train/cat/wide.png'), await flat(8, 2));
    await writeFile(join(root, 'train/cat/tall.png'), await flat(2, 8));
    expect((await verifyDataset(root)).duplicates).toEqual([]);
  });
});

describe('exploreDataset', () => {
  test('counts images and measures them upright', async () => {
    await writeFile(
      join(root, 'train/cat/odd.png'),
      await picture(8, { width: 30, height: 44 }).png().toBuffer(),
    );
    const turned = await picture(9).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await writeFile(join(root, 'test/dog/turned.jpg'), turned);
    const summary = await exploreDataset(root);
    expect(summary.counts).toEqual([
      { className: 'cat', train: 5, test: 2 },
      { className: 'dog', train: 4, test: 3 },
    ]);
    expect(summary.sizes).toEqual({
      width: { minimum: 10, median: 20, maximum: 30 },
      height: { minimum: 10, median: 10, maximum: 44 },
      sizes: [
        { width: 20, height: 10, count: 12 },
        { width: 10, height: 20, count: 1 },
        { width: 30, height: 44, count: 1 },
      ],
      oddCount: 2,
    });
  });

  test('counts files that are no images', async () => {
    await writeFiles(root, { 'train/cat/x.png': 'text' });
    expect((await exploreDataset(root)).unreadableCount).toBe(1);
  });
});

describe('sampleThumbnails', () => {
  test('makes PNGs of images of each class, at the side asked for', async () => {
    const dataset = await openDataset(root);
    const classes = await sampleThumbnails(dataset, { perClass: 3, side: 16 });
    expect(classes.map(({ className, images }) => [className, images.length])).toEqual([
      ['cat', 3],
      ['dog', 3],
    ]);
    const files = dataset.train.filter(({ label }) => label === 0);
    const originals = await Promise.all(
      files.map(async ({ path }) => {
        const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
        return Buffer.from(resizeImage({ ...info, pixels: data }, 16, 16).pixels);
      }),
    );
    for (const image of classes[0]?.images ?? []) {
      const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
      expect([info.format, info.width, info.height]).toEqual(['raw', 16, 16]);
      expect(originals.some((original) => original.equals(data))).toBe(true);
    }
  });

  test('chooses by the seed', async () => {
    const dataset = await openDataset(root);
    const choose = async (seed: number) => {
      const [cats] = await sampleThumbnails(dataset, { perClass: 2, side: 8, seed });
      return cats?.images.map((image) => Buffer.from(image).toString('base64')).join();
    };
    expect(await choose(1)).toEqual(await choose(1));
    expect(new Set(await Promise.all([1, 2, 3, 4].map(choose))).size).toBeGreaterThan(1);
  });

  test('passes over images that cannot be decoded', async () => {
    await writeFile(join(root, 'train/cat/0.png'), 'text');
    const [cats] = await sampleThumbnails(await openDataset(root), { perClass: 4, side: 8 });
    expect(cats?.images).toHaveLength(3);
  });
});
