import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openDataset, verifyDataset } from '../src';
import { createImageFolder, picture, temporaryFolder, writeFiles } from './image-folder';

/** An image for each path. */
async function imagesAt(...paths: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const [index, path] of paths.entries()) {
    await writeFiles(root, { [path]: await picture(index).png().toBuffer() });
  }
  return root;
}

const counts = async (root: string, options = {}) => {
  const { train, test: held, classNames } = await openDataset(root, options);
  return [train.length, held.length, classNames.join()];
};

describe('a folder with splits', () => {
  test.each([
    ['Train', 'Test'],
    ['TRAIN', 'TEST'],
    ['Training', 'Testing'],
    ['train', 'val'],
    ['train', 'valid'],
    ['train', 'validation'],
    ['training_set', 'test_set'],
    ['training set', 'validation-set'],
    ['seg_train', 'seg_test'],
    ['Train', 'seg_test/seg_test'],
    ['dataset/train', 'dataset/test'],
    ['archive/chest_xray/train', 'archive/chest_xray/test'],
  ])('is opened with %s and %s', async (train, held) => {
    expect(await counts(await createImageFolder({ splits: [train, held] }))).toEqual([
      8,
      4,
      'cat,dog',
    ]);
  });

  test('is read from the folder that wraps it, so that names are the same without', async () => {
    const root = await createImageFolder({ splits: ['wrapper/train', 'wrapper/test'] });
    const dataset = await openDataset(root);
    expect(dataset.root).toBe(join(root, 'wrapper'));
    expect(dataset.train[0]?.relativePath).toBe('train/cat/0.png');
  });

  test('takes test before val, and says that val takes no part', async () => {
    const root = await imagesAt(
      'train/a/1.png',
      'train/b/2.png',
      'val/a/3.png',
      'val/b/4.png',
      'test/a/5.png',
      'test/b/6.png',
    );
    const { test: held, notes } = await openDataset(root);
    expect(held.map(({ relativePath }) => relativePath)).toEqual(['test/a/5.png', 'test/b/6.png']);
    expect(notes).toEqual([`${join(root, 'val')} takes no part.`]);
  });

  test('takes val where test has no classes', async () => {
    const root = await imagesAt(
      'train/a/1.png',
      'train/b/2.png',
      'val/a/3.png',
      'val/b/4.png',
      'test/5.png',
    );
    expect((await openDataset(root)).test[0]?.relativePath).toBe('val/a/3.png');
  });

  test.each([
    ['names', 'learn', 'exam'],
    ['paths', './learn', 'deep/exam'],
  ])('is opened by the %s that options give', async (_, trainFolder, testFolder) => {
    const root = await createImageFolder({ splits: [trainFolder, testFolder] });
    expect(await counts(root, { trainFolder, testFolder })).toEqual([8, 4, 'cat,dog']);
  });

  test('finds the other split by its name where options name one', async () => {
    const root = await createImageFolder({ splits: ['learn', 'Testing'] });
    expect(await counts(root, { trainFolder: 'learn' })).toEqual([8, 4, 'cat,dog']);
  });

  test('names a folder that an option names and that is not there, and what is', async () => {
    const root = await createImageFolder({ splits: ['learn', 'exam'] });
    await expect(openDataset(root, { trainFolder: 'lern', testFolder: 'exam' })).rejects.toThrow(
      /lern, which --train-folder names.*exam \(cat, dog\), learn \(cat, dog\)/,
    );
  });

  test('tells what is there where nothing is known', async () => {
    const root = await createImageFolder({ splits: ['learn', 'exam'] });
    await writeFiles(root, { 'labels.csv': 'x', 'cover.jpg': 'x' });
    await expect(openDataset(root)).rejects.toThrow(
      'It holds the folders exam (cat, dog), learn (cat, dog) and 1 image and the file labels.csv.',
    );
    await expect(openDataset(root)).rejects.toThrow('--train-folder and --test-folder');
  });

  test.each([
    ['test', /has no test split.*train \(cat, dog\).*--test-folder.*--split 0\.2/s],
    ['train', /has no train split.*test \(cat, dog\).*--train-folder/s],
  ])('says what to do without %s', async (split, advice) => {
    const root = await createImageFolder();
    await rm(join(root, split), { recursive: true });
    await expect(openDataset(root)).rejects.toThrow(advice);
  });

  test('says that images of a split stand in no class', async () => {
    const root = await createImageFolder();
    await rm(join(root, 'test'), { recursive: true });
    await writeFiles(root, { 'test/1.png': 'x', 'test/2.png': 'x' });
    await expect(openDataset(root)).rejects.toThrow(
      'has no class folders, only 2 images of no class',
    );
  });

  test.each([
    ['split', { split: 1 }, 'above 0 and below 1'],
    ['split', { split: 0 }, 'above 0 and below 1'],
    ['both', { split: 0.2, testFolder: 'test' }, 'one of the two'],
    ['same', { trainFolder: 'train', testFolder: 'train' }, 'both name train'],
  ])('refuses options that contradict one another (%s)', async (_, options, fault) => {
    await expect(openDataset(await createImageFolder(), options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(fault),
    });
  });
});

describe('a folder with its classes at the root', () => {
  /** 20 cats and 10 dogs. */
  const classesAt = async (folder = '') => {
    const root = await createImageFolder({
      classes: ['cat'],
      train: 20,
      test: 10,
      splits: [folder || '.', 'x'],
    });
    await rename(join(root, 'x', 'cat'), join(root, folder, 'dog'));
    await rm(join(root, 'x'), { recursive: true });
    return root;
  };
  const labels = (files: readonly { label: number }[]) =>
    [0, 1].map((wanted) => files.filter(({ label }) => label === wanted).length);

  test.each([
    [undefined, [16, 8], [4, 2]],
    [0.25, [15, 7], [5, 3]],
    [0.001, [19, 9], [1, 1]],
    [0.999, [1, 1], [19, 9]],
  ])('has a share of %s of each class held back', async (split, train, held) => {
    const dataset = await openDataset(await classesAt(), { split });
    expect([labels(dataset.train), labels(dataset.test)]).toEqual([train, held]);
    const all = [...dataset.train, ...dataset.test].map(({ path }) => path);
    expect(new Set(all).size).toBe(30);
    expect(dataset.testImages).toBe('held-back');
  });

  test('is split by the seed: the same again, other images for another', async () => {
    const root = await classesAt();
    const held = async (seed?: number) =>
      (await openDataset(root, { seed })).test.map(({ relativePath }) => relativePath).join();
    expect(await held()).toBe(await held(1));
    expect(await held(2)).toBe(await held(2));
    expect(await held(2)).not.toBe(await held(1));
  });

  test('says so', async () => {
    const root = await classesAt();
    expect((await openDataset(root, { seed: 7 })).notes).toEqual([
      `Of the 30 images of ${root}, split by seed 7, 24 train and 6 test: --split 0.2 holds back that share of each class.`,
    ]);
  });

  test('may be wrapped once', async () => {
    expect(await counts(await classesAt('PetImages'))).toEqual([24, 6, 'cat,dog']);
  });

  test('is not found where its folders are named as parts of a data set', async () => {
    const root = await imagesAt('train_images/1.png', 'test_images/2.png');
    await expect(openDataset(root)).rejects.toThrow(
      'test_images (1 image), train_images (1 image)',
    );
  });

  test('names a class of one image', async () => {
    const root = await imagesAt('a/1.png', 'a/2.png', 'b/3.png');
    await expect(openDataset(root)).rejects.toThrow(`${join(root, 'b')} holds one image`);
  });

  test('holds back from the training folder where a split is asked for', async () => {
    const root = await createImageFolder({ train: 10 });
    const dataset = await openDataset(root, { split: 0.3 });
    expect([dataset.train.length, dataset.test.length]).toEqual([14, 6]);
    expect(dataset.test.every(({ relativePath }) => relativePath.startsWith('train/'))).toBe(true);
    expect(dataset.notes[0]).toBe(`${join(root, 'test')} takes no part.`);
  });
});

describe('names', () => {
  const composed = 'caf\u00e9';
  const decomposed = 'cafe\u0301';

  test('in NFC and NFD are one class', async () => {
    const root = await imagesAt(
      `train/${composed}/1.png`,
      'train/tea/2.png',
      `test/${decomposed}/3.png`,
      'test/tea/4.png',
    );
    const { classNames, test: held } = await openDataset(root);
    expect(classNames).toEqual([composed, 'tea']);
    expect(held[0]).toMatchObject({ label: 0, path: join(root, 'test', decomposed, '3.png') });
    expect((await verifyDataset(root)).problems).toEqual([]);
  });

  // macOS does not take such names for two.
  const onOtherThanMac = process.platform === 'darwin' ? test.skip : test;
  onOtherThanMac(
    'that only normalisation tells apart within a split are told apart in words',
    async () => {
      const root = await imagesAt(
        `train/${composed}/1.png`,
        `train/${decomposed}/2.png`,
        `test/${composed}/3.png`,
      );
      await expect(openDataset(root)).rejects.toThrow(
        'differ in Unicode normalisation (NFC and NFD)',
      );
    },
  );

  test.each([
    ['letter case', 'Dog', 'dog'],
    ['spaces', 'polar bear', 'polar_bear'],
  ])('that differ in %s are told', async (_, here, there) => {
    const root = await imagesAt(`train/${here}/1.png`, `test/${there}/2.png`);
    await expect(openDataset(root)).rejects.toThrow(
      `it has "${there}", whose name differs in letter case`,
    );
  });

  test.each([
    'Thumbs.db',
    'thumbs.db',
    'THUMBS.DB',
    'ehthumbs.db',
    'Desktop.ini',
    // Windows knows no such name.
    ...(process.platform === 'win32' ? [] : ['Icon\r']),
    '._0.png',
    'Picasa.ini',
  ])('that desktops leave are passed over: %j', async (name) => {
    const root = await createImageFolder();
    await writeFiles(root, { [`train/cat/${name}`]: 'x', [`test/${name}`]: 'x', [name]: 'x' });
    expect(await counts(root)).toEqual([8, 4, 'cat,dog']);
  });

  test.each(['__MACOSX', '__macosx', '@eaDir', '$RECYCLE.BIN', '.ipynb_checkpoints', 'lost+found'])(
    'of folders that desktops leave are passed over: %s',
    async (name) => {
      const root = await createImageFolder();
      for (const place of ['', 'train', 'train/cat']) await mkdir(join(root, place, name));
      await writeFiles(root, { [`train/${name}/cat/._0.png`]: 'x' });
      expect(await counts(root)).toEqual([8, 4, 'cat,dog']);
    },
  );
});
