import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadUnlabelled } from '../src';
import { picture, temporaryFolder, writeFiles } from './image-folder';

describe('loadUnlabelled', () => {
  const size = { height: 10, width: 20 };
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    const png = async (variant: number) => picture(variant).png().toBuffer();
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
    ['.', 'holds no images'],
    ['damaged', 'is not a JPEG, PNG or WebP image'],
  ])('says what is wrong with %s', async (path, fault) => {
    await expect(loadUnlabelled(join(root, path), size)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(fault),
    });
  });
});
