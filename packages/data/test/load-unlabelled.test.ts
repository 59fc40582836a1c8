import { mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { listImages, loadUnlabelled } from '../src';
import { picture, temporaryFolder, writeFiles } from './image-folder';

describe('loadUnlabelled', () => {
  const size = { height: 10, width: 20 };
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    const png = async (variant: number) => picture(variant).png().toBuffer();
    await mkdir(join(root, 'void', 'inner'), { recursive: true });
    await writeFiles(root, {
      'flat/b.png': await png(2),
      'flat/a.png': await png(1),
      'seg_pred/seg_pred/7.png': await png(7),
      'damaged/x.png': 'nothing',
    });
  });

  test('takes the files of a folder, sorted', async () => {
    const { files, pixels, count } = await loadUnlabelled(join(root, 'flat'), size);
    expect(files.map(({ relativePath }) => relativePath)).toEqual(['flat/a.png', 'flat/b.png']);
    expect(count).toBe(2);
    expect(Buffer.from(pixels.subarray(0, 600)).equals(await picture(1).raw().toBuffer())).toBe(
      true,
    );
  });

  test('opens a folder nested once more under its own name', async () => {
    const { files } = await loadUnlabelled(join(root, 'seg_pred'), size);
    expect(files.map(({ path }) => path)).toEqual([join(root, 'seg_pred', 'seg_pred', '7.png')]);
  });

  test('goes into folders, a folder’s own files first', async () => {
    const folder = await temporaryFolder();
    const png = await picture(1).png().toBuffer();
    const names = ['z.png', 'b/2.png', 'b/deep/3.png', 'a/1.png', '__MACOSX/._1.png'];
    await writeFiles(folder, Object.fromEntries(names.map((name) => [name, png])));
    const files = await listImages([folder]);
    expect(files.map(({ path }) => relative(folder, path))).toEqual([
      'z.png',
      join('a', '1.png'),
      join('b', '2.png'),
      join('b', 'deep', '3.png'),
    ]);
  });

  test('names links that lead to one another', async () => {
    const folder = await temporaryFolder();
    for (const name of ['one', 'two']) await mkdir(join(folder, name));
    await symlink(join(folder, 'two'), join(folder, 'one', 'link'), 'junction');
    await symlink(join(folder, 'one'), join(folder, 'two', 'link'), 'junction');
    await expect(listImages([folder])).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining('is a symbolic link back to'),
    });
  });

  test('takes files and folders in the order given', async () => {
    const paths = [join(root, 'flat', 'b.png'), join(root, 'flat')];
    const { files } = await loadUnlabelled(paths, size);
    expect(files.map(({ path }) => path)).toEqual([
      join(root, 'flat', 'b.png'),
      join(root, 'flat', 'a.png'),
      join(root, 'flat', 'b.png'),
    ]);
  });

  test.each([
    ['missing', 'no such file or folder'],
    ['void', 'holds no images, nor does any folder in it'],
    ['damaged', 'is not an image that can be read'],
  ])('says what is wrong with %s', async (path, fault) => {
    await expect(loadUnlabelled(join(root, path), size)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(fault),
    });
  });
});
