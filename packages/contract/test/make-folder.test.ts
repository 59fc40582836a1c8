import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../src/make-folder';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-folder-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('makeFolder', () => {
  it('makes what is missing, also when asked many times at once', async () => {
    const nested = join(directory, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(nested)));
    expect((await stat(nested)).isDirectory()).toBe(true);
    await makeFolder(nested);
  });

  it('refuses a path through a file', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(makeFolder(join(directory, 'file', 'a'))).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
    await expect(makeFolder(join(directory, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  // Only Linux has a folder in which nothing can be made although it is there.
  (existsSync('/proc/self') ? it : it.skip)('ends where the system says ENOENT', async () => {
    await expect(makeFolder('/proc/nowhere/results')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
