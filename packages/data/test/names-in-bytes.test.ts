import { writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { expect, test } from '@jest/globals';
import { openDataset } from '../src';
import { createImageFolder, picture } from './image-folder';

// macOS and Windows refuse to make such a name, so that there it cannot be met either.
const TAKES_ANY_BYTES = process.platform === 'linux';

test('names a file whose name is not UTF-8', async () => {
  const root = await createImageFolder();
  const folder = join(root, 'train', 'cat');
  const name = Buffer.concat([Buffer.from(folder + sep), Buffer.from([0x61, 0xe9])]);
  const writing = writeFile(name, await picture(1).png().toBuffer());
  if (!TAKES_ANY_BYTES) {
    await writing.catch(() => undefined);
    return;
  }
  await writing;
  await expect(openDataset(root)).rejects.toThrow(
    `${join(folder, 'a\ufffd')} has a name that is not UTF-8`,
  );
});
