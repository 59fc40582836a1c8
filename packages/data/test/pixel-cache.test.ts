import { rmSync } from 'node:fs';
import {
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  cacheImages,
  clearCache,
  datasetFingerprint,
  type LoadProgress,
  listCache,
  loadImages,
  openDataset,
  openImages,
} from '../src';
import { createImageFolder, picture, temporaryFolder, writeFiles } from './image-folder';

const size = { height: 6, width: 8 };
const BYTES = 6 * 8 * 3;

let root: string;
let cacheDirectory: string;
beforeEach(async () => {
  root = await createImageFolder({ train: 10, test: 1 });
  cacheDirectory = join(await temporaryFolder(), 'cache');
});

type Options = Partial<Parameters<typeof loadImages>[1]>;
const load = async (options: Options = {}) =>
  loadImages((await openDataset(root)).train, { ...size, cacheDirectory, ...options });
const phases = async (options: Options = {}) => {
  const seen: LoadProgress[] = [];
  await load({ ...options, onProgress: (progress) => seen.push(progress) });
  const count = (phase: LoadProgress['phase']) => seen.filter((one) => one.phase === phase).length;
  return { hash: count('hash'), decode: count('decode') };
};
const rewriteHeader = async (change: (header: Record<string, unknown>) => unknown) => {
  const name = (await readdir(cacheDirectory)).find((file) => file.endsWith('.json')) as string;
  const header = JSON.parse(await readFile(join(cacheDirectory, name), 'utf8'));
  const changed = change(header);
  const text = typeof changed === 'string' ? changed : JSON.stringify(changed);
  await writeFile(join(cacheDirectory, name), text);
};

describe('an entry is looked for', () => {
  test('by a few files where there is none, and by all where there may be one', async () => {
    expect(await phases()).toEqual({ hash: 16, decode: 20 });
    expect(await phases()).toEqual({ hash: 20, decode: 0 });
  });

  test('without reading a file again that was read in the same run', async () => {
    const contentHashes = new Map<string, string>();
    const dataset = await openDataset(root);
    const first = await loadImages(dataset.train, { ...size, cacheDirectory, contentHashes });
    expect(contentHashes.size).toBe(20);
    const used = { ...dataset, test: [] };
    const fingerprint = await datasetFingerprint(used);
    await rm(root, { recursive: true });
    const again = await loadImages(dataset.train, { ...size, cacheDirectory, contentHashes });
    expect(again.fromCache).toBe(true);
    expect(Buffer.compare(again.pixels, first.pixels)).toBe(0);
    expect(await datasetFingerprint(used, { known: contentHashes })).toBe(fingerprint);
  });

  test('by what all files hold, where the first are the same', async () => {
    await load();
    await picture(500).png().toFile(join(root, 'train/dog/9.png'));
    expect((await load()).fromCache).toBe(false);
  });
});

describe('an entry that is not as it was written is decoded again', () => {
  test.each<[string, (header: Record<string, unknown>) => unknown]>([
    ['without its list of bad images', ({ bad, ...rest }) => rest],
    ['with a list of other things', (header) => ({ ...header, bad: [{ index: 'one' }] })],
    ['with numbers as text', ({ bytes, ...rest }) => ({ ...rest, bytes: `${bytes}` })],
    ['with another size', (header) => ({ ...header, bytes: BYTES })],
    ['that says there is nothing', (header) => ({ ...header, bytes: 0 })],
    ['that is null', () => null],
    ['that is empty', () => ''],
    ['that is no JSON', () => '{"bytes":'],
  ])('a header %s', async (_, change) => {
    const { pixels } = await load();
    await rewriteHeader(change);
    const again = await load();
    expect(again.fromCache).toBe(false);
    expect(Buffer.compare(again.pixels, pixels)).toBe(0);
    expect((await load()).fromCache).toBe(true);
  });

  test('pixels emptied under a header that says so', async () => {
    const { pixels, pixelsPath = '' } = await load();
    await truncate(pixelsPath);
    const { mtimeNs } = await stat(pixelsPath, { bigint: true });
    await rewriteHeader((header) => ({ ...header, bytes: 0, modifiedNs: `${mtimeNs}` }));
    expect(Buffer.compare((await load()).pixels, pixels)).toBe(0);
  });

  test('pixels that are gone', async () => {
    const { pixels, pixelsPath = '' } = await load();
    rmSync(pixelsPath);
    expect(Buffer.compare((await load()).pixels, pixels)).toBe(0);
  });
});

describe('a cache that cannot be written', () => {
  test.each([
    ['below a file', async () => join(await temporaryFile(), 'cache')],
    ['that is a file', temporaryFile],
    [
      'that is a link to nowhere',
      async () => {
        const link = join(await temporaryFolder(), 'link');
        await symlink('/proc/no-such-folder', link);
        return link;
      },
    ],
  ])('%s is found before anything is decoded, and the remedy exists', async (_, folder) => {
    const phasesSeen = new Set<string>();
    const directory = await folder();
    const loading = load({
      cacheDirectory: directory,
      onProgress: ({ phase }) => phasesSeen.add(phase),
    });
    await expect(loading).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(
        /^The image cache .+ cannot be written \(E\w+\)\. .*dlcmp data cache clear.*XDG_CACHE_HOME.*cacheDirectory/,
      ),
    });
    expect([...phasesSeen]).toEqual(['hash']);
  });

  async function temporaryFile() {
    const file = join(await temporaryFolder(), 'a-file');
    await writeFile(file, '');
    return file;
  }
});

describe('images that stay in the cache', () => {
  test('are read batch by batch as they are loaded at once', async () => {
    await writeFiles(root, { 'train/cat/2.png': '', 'train/dog/9.png': 'text' });
    const options = { ...size, cacheDirectory, onBadImage: 'skip' as const };
    const { train } = await openDataset(root);
    const opened = await openImages(train, options);
    const loaded = await loadImages(train, options);
    expect(opened).toMatchObject({ count: 18, fromCache: false });
    expect([...opened.labels]).toEqual([...loaded.labels]);
    expect(opened.skipped).toHaveLength(2);
    expect(opened.pixels.file).toEqual({ path: loaded.pixelsPath, offset: 0 });
    const batch = new Uint8Array(3 * BYTES);
    opened.pixels.read([17, 0, 1], batch);
    opened.pixels.close();
    const image = (index: number) => loaded.pixels.subarray(index * BYTES, (index + 1) * BYTES);
    expect(Buffer.from(batch)).toEqual(Buffer.concat([image(17), image(0), image(1)]));
  });

  test('are where the file says', async () => {
    const { train } = await openDataset(root);
    const { pixelsPath, labels, count } = await cacheImages(train, { ...size, cacheDirectory });
    expect(await readFile(pixelsPath)).toEqual(Buffer.from((await load()).pixels));
    expect([labels.length, count]).toEqual([20, 20]);
  });
});

describe('many images, decoded by threads,', () => {
  test('are as those decoded one by one, bad ones left out wherever they are', async () => {
    const sources = await Promise.all([
      ...[1, 2, 3].map((variant) => picture(variant).png().toBuffer()),
      ...[4, 5].map((variant) => picture(variant, { width: 31, height: 17 }).jpeg().toBuffer()),
    ]);
    const bad = [0, 5, 6, 101, 199, 219];
    const folder = await temporaryFolder();
    const files = await Promise.all(
      Array.from({ length: 220 }, async (_, index) => {
        const path = join(folder, `${index}`);
        await writeFile(path, bad.includes(index) ? 'text' : (sources[index % 5] as Buffer));
        return { path, relativePath: `${index}`, label: index % 2 };
      }),
    );
    const options = { ...size, onBadImage: 'skip' as const };
    const one = await Promise.all(
      sources.slice(0, 5).map(async (_, variant) => {
        const part = files.filter((_, index) => index % 5 === variant && !bad.includes(index));
        return loadImages(part.slice(0, 2), { ...options, cacheDirectory: false });
      }),
    );
    const kept = files.filter((_, index) => !bad.includes(index));
    const expected = Buffer.concat(
      kept.map(({ path }) => {
        const variant = Number(path.split('/').at(-1)) % 5;
        return one[variant]?.pixels.subarray(0, BYTES) as Uint8Array;
      }),
    );
    for (const cache of [false, cacheDirectory] as const) {
      const loaded = await loadImages(files, { ...options, cacheDirectory: cache, concurrency: 3 });
      expect(Buffer.compare(loaded.pixels, expected)).toBe(0);
      expect(loaded.skipped.map(({ path }) => path)).toEqual(
        bad.map((index) => join(folder, `${index}`)),
      );
      expect([...loaded.labels]).toEqual(kept.map(({ label }) => label));
    }
  });

  test('stop at the signal', async () => {
    const path = join(root, 'train/cat/0.png');
    const files = Array.from({ length: 300 }, () => ({ path, relativePath: 'x', label: 0 }));
    const controller = new AbortController();
    const loading = loadImages(files, {
      ...size,
      cacheDirectory,
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'decode' && controller.abort(),
    });
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(cacheDirectory)).toEqual([]);
  });
});

describe('listCache and clearCache', () => {
  test('tell what is there, the last used first, and remove it', async () => {
    await load();
    await load({ height: 3 });
    const [first, second, ...others] = await listCache(cacheDirectory);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      bytes: 20 * 3 * 8 * 3,
      images: { count: 20, height: 3, width: 8 },
    });
    expect(second).toMatchObject({ bytes: 20 * BYTES, images: { count: 20, height: 6, width: 8 } });
    await writeFiles(cacheDirectory, { 'notes.txt': 'mine', [`${'0'.repeat(64)}.json`]: '{}' });
    expect((await clearCache(cacheDirectory)).map(({ key }) => key)).toEqual([
      first?.key,
      second?.key,
    ]);
    expect(await readdir(cacheDirectory)).toEqual(['notes.txt']);
    expect((await load()).fromCache).toBe(false);
  });

  test('find nothing where there is no folder', async () => {
    expect(await listCache(join(cacheDirectory, 'none'))).toEqual([]);
    expect(await clearCache(join(cacheDirectory, 'none'))).toEqual([]);
  });

  test('list what cannot be read as what it is', async () => {
    await mkdir(cacheDirectory, { recursive: true });
    await writeFiles(cacheDirectory, { [`${'a'.repeat(64)}.rgb`]: '12345' });
    expect(await listCache(cacheDirectory)).toEqual([
      expect.objectContaining({ key: 'a'.repeat(64), bytes: 5 }),
    ]);
  });
});

test('beyond its limit the cache loses what was not used for longest, and nothing of the last day', async () => {
  const ages = { 3: 4, 4: 2, 5: 3, 6: 0 };
  for (const [height, days] of Object.entries(ages)) {
    await load({ height: Number(height) });
    const entry = (await listCache(cacheDirectory)).find(
      ({ images }) => images?.height === Number(height),
    );
    const used = new Date(Date.now() - days * 24 * 3600 * 1000);
    await utimes((entry?.path ?? '').replace('.rgb', '.json'), used, used);
  }
  const bytes = (...heights: number[]) => heights.reduce((sum, one) => sum + one * 20 * 8 * 3, 0);
  await load({ height: 7, cacheLimitBytes: bytes(7, 6, 4) });
  const heights = async () =>
    (await listCache(cacheDirectory)).map(({ images }) => images?.height).sort();
  expect(await heights()).toEqual([4, 6, 7]);
  await load({ height: 8, cacheLimitBytes: 1 });
  expect(await heights()).toEqual([6, 7, 8]);
});
