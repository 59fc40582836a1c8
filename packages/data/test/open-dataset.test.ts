import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openDataset } from '../src';
import { createImageFolder, picture, temporaryFolder, writeFiles } from './image-folder';

describe('openDataset', () => {
  test('lists classes and files by code point, with labels by class', async () => {
    const root = await createImageFolder({ classes: ['zebra', 'Ant', 'élan'], train: 2, test: 1 });
    const dataset = await openDataset(root);
    expect(dataset.classNames).toEqual(['Ant', 'zebra', 'élan']);
    expect(dataset.train.map(({ relativePath, label }) => [relativePath, label])).toEqual([
      ['train/Ant/0.png', 0],
      ['train/Ant/1.png', 0],
      ['train/zebra/0.png', 1],
      ['train/zebra/1.png', 1],
      ['train/élan/0.png', 2],
      ['train/élan/1.png', 2],
    ]);
    expect(dataset.test).toHaveLength(3);
    expect(dataset.train[0]?.path).toBe(join(root, 'train', 'Ant', '0.png'));
    expect(dataset.synthetic).toBe(false);
  });

  test.each([
    ['flat', ['seg_train', 'seg_test']],
    ['nested once more', ['seg_train/seg_train', 'seg_test/seg_test']],
  ] as const)('opens the Intel layout, %s', async (_, splits) => {
    const dataset = await openDataset(await createImageFolder({ splits: [...splits] }));
    expect([dataset.train.length, dataset.test.length]).toEqual([8, 4]);
    expect(dataset.classNames).toEqual(['cat', 'dog']);
  });

  test('passes over hidden files and what desktops leave', async () => {
    const root = await createImageFolder();
    await writeFiles(root, {
      'train/.DS_Store': 'x',
      'train/cat/.hidden.png': 'x',
      'train/cat/Thumbs.db': 'x',
    });
    expect((await openDataset(root)).train).toHaveLength(8);
  });

  test('follows a link to a class folder elsewhere', async () => {
    const root = await createImageFolder();
    const elsewhere = await temporaryFolder();
    await writeFiles(elsewhere, { 'a.png': await picture(90).png().toBuffer() });
    await symlink(elsewhere, join(root, 'train', 'emu'), 'junction');
    await symlink(elsewhere, join(root, 'test', 'emu'), 'junction');
    expect((await openDataset(root)).classNames).toEqual(['cat', 'dog', 'emu']);
  });

  test('names a folder that is not there', async () => {
    const root = join(await temporaryFolder(), 'missing');
    await expect(openDataset(root)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(`${root} is not there (ENOENT): check the path`),
    });
  });

  test('says that a file is no folder', async () => {
    const root = await createImageFolder();
    const file = join(root, 'train', 'cat', '0.png');
    await expect(openDataset(file)).rejects.toThrow(`${file} is a file, not a folder`);
  });

  test.each(['train', 'test'])('says that the %s split is missing', async (split) => {
    const root = await createImageFolder();
    await rm(join(root, split), { recursive: true });
    await expect(openDataset(root)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(`has no ${split} split`),
    });
  });

  test('says that a split has no classes', async () => {
    const root = await createImageFolder();
    await rm(join(root, 'test'), { recursive: true });
    await mkdir(join(root, 'test'));
    await expect(openDataset(root)).rejects.toThrow(`${join(root, 'test')} has no class folders`);
  });

  test('names an empty class', async () => {
    const root = await createImageFolder();
    for (const split of ['train', 'test']) await mkdir(join(root, split, 'void'));
    await expect(openDataset(root)).rejects.toThrow(
      `${join(root, 'train', 'void')} holds no images`,
    );
  });

  test.each([
    ['train', 'test'],
    ['test', 'train'],
  ])('names a class that only %s has', async (split, other) => {
    const root = await createImageFolder();
    await rm(join(root, other, 'dog'), { recursive: true });
    await expect(openDataset(root)).rejects.toThrow(
      `${join(root, split, 'dog')} is a class that ${join(root, other)} does not have`,
    );
  });

  test('names a folder among the images', async () => {
    const root = await createImageFolder();
    await mkdir(join(root, 'train', 'cat', 'more'));
    await expect(openDataset(root)).rejects.toThrow('is a folder inside a class');
  });

  test('names a link back to a folder above it', async () => {
    const root = await createImageFolder();
    await symlink(join(root, 'train'), join(root, 'train', 'cat', 'loop'), 'junction');
    await expect(openDataset(root)).rejects.toThrow(
      `is a symbolic link back to ${join(root, 'train')}`,
    );
  });

  test('names a link to itself', async () => {
    const root = await createImageFolder();
    const link = join(root, 'train', 'cat', 'self.png');
    await symlink(link, link, 'file');
    await expect(openDataset(root)).rejects.toThrow(
      `${link} is a symbolic link that leads to itself`,
    );
  });

  test('names a link to nothing', async () => {
    const root = await createImageFolder();
    const link = join(root, 'train', 'cat', 'lost.png');
    await symlink(join(root, 'gone.png'), link, 'file');
    await expect(openDataset(root)).rejects.toThrow(`${link} is a symbolic link to nothing`);
  });

  test('lists all problems at once', async () => {
    const root = await createImageFolder();
    await rm(join(root, 'test', 'dog'), { recursive: true });
    await mkdir(join(root, 'train', 'cat', 'more'));
    await expect(openDataset(root)).rejects.toThrow(/folder inside a class[\s\S]*does not have/);
  });
});

test('a single class is nothing to tell apart', async () => {
  const root = await createImageFolder({ classes: ['cat'] });
  await expect(openDataset(root)).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringMatching(/has one class, cat: at least two are needed/),
  });
});
