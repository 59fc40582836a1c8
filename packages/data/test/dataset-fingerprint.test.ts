import { cp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { datasetFingerprint, openDataset } from '../src';
import { createImageFolder, picture } from './image-folder';

describe('datasetFingerprint', () => {
  let root: string;
  const fingerprint = async (folder = root) => datasetFingerprint(await openDataset(folder));
  beforeEach(async () => {
    root = await createImageFolder();
  });

  test('is the same wherever the folder lies', async () => {
    await cp(root, `${root}-copy`, { recursive: true });
    expect(await fingerprint(`${root}-copy`)).toBe(await fingerprint());
    expect(await fingerprint()).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.each<[string, () => Promise<void>]>([
    [
      'a changed image',
      async () => writeFile(join(root, 'test', 'cat', '0.png'), await picture(99).png().toBuffer()),
    ],
    [
      'a renamed image',
      () => rename(join(root, 'train', 'cat', '0.png'), join(root, 'train', 'cat', '00.png')),
    ],
    [
      'an image in another class',
      () => rename(join(root, 'train', 'cat', '0.png'), join(root, 'train', 'dog', '9.png')),
    ],
    [
      'a renamed class',
      async () => {
        for (const split of ['train', 'test']) {
          await rename(join(root, split, 'dog'), join(root, split, 'dogs'));
        }
      },
    ],
  ])('changes with %s', async (_, change) => {
    const before = await fingerprint();
    await change();
    expect(await fingerprint()).not.toBe(before);
  });
});
