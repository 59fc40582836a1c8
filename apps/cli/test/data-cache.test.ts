import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleSet, loadImages } from '@dlcmp/data';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cacheLimitBytes } from '../src/options/cache-limit';
import { byteSize } from '../src/results/byte-size';
import { runDlcmp } from './run-dlcmp';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlcmp-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('"data cache" lists what is kept, and removes it', async () => {
  const empty = `${join(folder, 'dlcmp')} holds no decoded images.\n`;
  expect((await runDlcmp(['data', 'cache', 'list'], folder)).stdout).toBe(empty);
  const { train } = await createSampleSet({
    directory: join(folder, 'sample'),
    trainPerClass: 1,
    testPerClass: 1,
  });
  const cacheDirectory = join(folder, 'dlcmp');
  await loadImages(train, { height: 20, width: 10, cacheDirectory });
  await loadImages(train.slice(0, 1), { height: 10, width: 10, cacheDirectory });
  const listed = (await runDlcmp(['data', 'cache', 'list'], folder)).stdout;
  expect(listed).toMatch(
    /300 bytes {2}1 image at 10×10 .*\n.*3\.6 kB {2}6 images at 10×20 .*used /,
  );
  expect(listed).toContain('2 sets of decoded images, 3.9 kB; the limit is 20.0 GB.');
  const cleared = await runDlcmp(['data', 'cache', 'clear'], folder);
  expect(cleared.stdout).toBe(`Removed 2 sets of decoded images, 3.9 kB from ${cacheDirectory}.\n`);
  expect(await readdir(cacheDirectory)).toEqual([]);
  expect((await runDlcmp(['data', 'cache', 'clear'], folder)).stdout).toBe(empty);
});

describe('the limit of the cache', () => {
  test.each([
    [undefined, 20e9],
    ['', 20e9],
    ['0', 0],
    ['50 GB', 50e9],
    ['1.5gb', 1.5e9],
    ['800M', 800e6],
    ['2 TiB', 2e12],
    ['123', 123],
  ])('given as %p is %d bytes', (given, bytes) => {
    expect(cacheLimitBytes(given)).toBe(bytes);
  });

  test.each(['much', '-5 GB', '5 XB', 'GB'])('given as %p is refused', (given) => {
    expect(() => cacheLimitBytes(given)).toThrow(
      `DLCMP_CACHE_LIMIT is "${given}": give it a number of bytes, such as "50 GB" or "800 MB".`,
    );
  });
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [99_440, '99.4 kB'],
  [999_400, '999 kB'],
  [999_600, '1.0 MB'],
  [945e6, '945 MB'],
  [20e9, '20.0 GB'],
  [4e15, '4000 TB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
