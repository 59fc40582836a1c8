import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadImages, openDataset } from '../src';
import { createImageFolder, temporaryFolder } from './image-folder';

const writer = fileURLToPath(new URL('./fixtures/write-cache-forever.mjs', import.meta.url));

test('a process killed at any moment never leaves wrong pixels', async () => {
  const root = await createImageFolder({ train: 4, test: 1 });
  const options = { height: 96, width: 96 };
  const { train } = await openDataset(root);
  const { pixels } = await loadImages(train, { ...options, cacheDirectory: false });
  const cacheDirectory = await temporaryFolder();
  for (const delayMs of [0, 3, 9, 27, 60]) {
    const child = fork(writer, [root, cacheDirectory, '96'], { stdio: 'inherit' });
    await once(child, 'message');
    await sleep(delayMs);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const loaded = await loadImages(train, { ...options, cacheDirectory });
    expect(Buffer.compare(loaded.pixels, pixels)).toBe(0);
  }
  expect((await readdir(cacheDirectory)).filter((name) => name.endsWith('.rgb'))).toHaveLength(1);
});
