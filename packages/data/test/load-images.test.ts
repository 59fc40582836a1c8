import { execFileSync } from 'node:child_process';
import { readdir, readFile, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type LoadProgress, loadImages, loadUnlabelled, openDataset } from '../src';
import { createImageFolder, picture, temporaryFolder, writeFiles } from './image-folder';

const size = { height: 10, width: 20 };
const rgb = (variant: number) => picture(variant).raw().toBuffer();

describe('loadImages', () => {
  let root: string;
  let cacheDirectory: string;
  const load = async (options: Partial<Parameters<typeof loadImages>[1]> = {}) =>
    loadImages((await openDataset(root)).train, { ...size, cacheDirectory, ...options });

  beforeEach(async () => {
    root = await createImageFolder({ train: 3, test: 1 });
    cacheDirectory = join(await temporaryFolder(), 'cache');
  });

  test('decodes every image to its place, with its label', async () => {
    const loaded = await load({ cacheDirectory: false });
    const expected = await Promise.all([1, 2, 3, 4, 5, 6].map(rgb));
    expect(Buffer.from(loaded.pixels).equals(Buffer.concat(expected))).toBe(true);
    expect([...loaded.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(loaded).toMatchObject({ count: 6, skipped: [], fromCache: false });
    expect(loaded.pixelsPath).toBeUndefined();
  });

  test('stretches to the size asked for', async () => {
    const loaded = await load({ height: 7, width: 5 });
    expect(loaded.pixels).toHaveLength(6 * 7 * 5 * 3);
  });

  test('gives the same pixels whatever the concurrency', async () => {
    const one = await load({ cacheDirectory: false, concurrency: 1, height: 6, width: 6 });
    const many = await load({ cacheDirectory: false, concurrency: 8, height: 6, width: 6 });
    expect(Buffer.compare(one.pixels, many.pixels)).toBe(0);
  });

  test('tells of every image hashed and decoded', async () => {
    const seen: LoadProgress[] = [];
    await load({ onProgress: (progress) => seen.push(progress) });
    for (const phase of ['hash', 'decode']) {
      const completed = seen.filter((progress) => progress.phase === phase);
      expect(completed.map((progress) => progress.completed)).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  test('stops at the signal', async () => {
    const controller = new AbortController();
    const loading = load({ signal: controller.signal, onProgress: () => controller.abort() });
    await expect(loading).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test.each([0, 1.5, Number.NaN])('refuses a height of %p', async (height) => {
    await expect(load({ height })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  describe('with bad images', () => {
    beforeEach(async () => {
      const whole = await picture(77, { width: 90, height: 90 }).jpeg().toBuffer();
      await writeFiles(root, {
        'train/cat/1.png': '',
        'train/cat/3.jpg': whole.subarray(0, whole.length / 2),
        'train/dog/notes.txt': 'no image at all',
      });
    });

    test('lists all of them and their reasons', async () => {
      const message = await load().catch((error: Error) => error.message);
      expect(message).toContain('3 images cannot be used');
      expect(message).toContain(`${join(root, 'train', 'cat', '1.png')} is empty (0 bytes)`);
      expect(message).toContain(`${join(root, 'train', 'cat', '3.jpg')} is truncated or damaged`);
      expect(message).toContain(`${join(root, 'train', 'dog', 'notes.txt')} is not an image`);
      await expect(load()).rejects.toMatchObject({ code: 'INVALID_DATA' });
    });

    test.each([false, true])('leaves them out when told to, from the cache: %p', async (again) => {
      if (again) await load({ onBadImage: 'skip' });
      const loaded = await load({ onBadImage: 'skip' });
      expect(loaded.fromCache).toBe(again);
      const expected = await Promise.all([1, 3, 4, 5, 6].map(rgb));
      expect(Buffer.from(loaded.pixels).equals(Buffer.concat(expected))).toBe(true);
      expect([...loaded.labels]).toEqual([0, 0, 1, 1, 1]);
      expect(loaded.files.map(({ relativePath }) => relativePath)).not.toContain('train/cat/1.png');
      expect(loaded.skipped.map(({ path }) => path)).toEqual([
        join(root, 'train', 'cat', '1.png'),
        join(root, 'train', 'cat', '3.jpg'),
        join(root, 'train', 'dog', 'notes.txt'),
      ]);
    });

    test('fails from the cache as it failed at first', async () => {
      await load({ onBadImage: 'skip' });
      await expect(load()).rejects.toThrow('3 images cannot be used');
    });

    test('names a file that went away since the folder was listed', async () => {
      const dataset = await openDataset(root);
      const gone = dataset.test[0]?.path ?? '';
      await rename(gone, `${gone}.moved`);
      const loading = loadImages(dataset.test, { ...size, cacheDirectory });
      await expect(loading).rejects.toThrow(`${gone} cannot be read (ENOENT)`);
    });

    test('says how to leave bad images out', async () => {
      await expect(load()).rejects.toThrow(
        "onBadImage: 'skip', on the command line --on-bad-image",
      );
    });

    test('refuses to leave out all images of a class, and names it', async () => {
      for (const index of [0, 1, 2]) await writeFiles(root, { [`train/cat/${index}.png`]: '' });
      const folder = join(root, 'train', 'cat');
      await expect(load({ onBadImage: 'skip' })).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: expect.stringMatching(
          `^No image is left of the class in ${folder}\\. [^]*${join(folder, '1.png')} is empty`,
        ),
      });
    });

    test('opens no named pipe, and waits for nothing', async () => {
      const path = join(root, 'odd.png');
      execFileSync('mkfifo', [path]);
      await expect(loadUnlabelled(path, size)).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: expect.stringContaining(`${path} is a named pipe, not a regular file`),
      });
    });

    test('refuses when no image is left', async () => {
      const dataset = await openDataset(root);
      for (const { path } of dataset.test) await writeFile(path, '');
      const loading = loadImages(dataset.test, { ...size, cacheDirectory, onBadImage: 'skip' });
      await expect(loading).rejects.toThrow('No image could be loaded');
    });
  });

  describe('with its cache', () => {
    const entry = async (extension: string) => {
      const name = (await readdir(cacheDirectory)).find((file) => file.endsWith(extension));
      return join(cacheDirectory, name ?? '');
    };

    test('gives the same the second time, without decoding', async () => {
      const first = await load();
      const phases = new Set<string>();
      const second = await load({ onProgress: ({ phase }) => phases.add(phase) });
      expect([first.fromCache, second.fromCache]).toEqual([false, true]);
      expect(Buffer.compare(first.pixels, second.pixels)).toBe(0);
      expect([...phases]).toEqual(['hash']);
    });

    test('keeps the raw pixels in the file it names', async () => {
      const { pixels, pixelsPath } = await load();
      expect((await readFile(pixelsPath ?? '')).equals(Buffer.from(pixels))).toBe(true);
    });

    test('notices content changed behind the same size and date', async () => {
      const path = join(root, 'train', 'cat', '0.png');
      const writePadded = async (variant: number) => {
        const png = await picture(variant).png().toBuffer();
        await writeFile(path, Buffer.concat([png, Buffer.alloc(4096 - png.length)]));
        await utimes(path, 1_700_000_000, 1_700_000_000);
      };
      await writePadded(500);
      const before = await load();
      expect(Buffer.from(before.pixels.subarray(0, 600)).equals(await rgb(500))).toBe(true);
      await writePadded(501);
      const { fromCache, pixels } = await load();
      expect(fromCache).toBe(false);
      expect(Buffer.from(pixels.subarray(0, 600)).equals(await rgb(501))).toBe(true);
    });

    test('knows a folder that was moved', async () => {
      await load();
      const moved = `${root}-moved`;
      await rename(root, moved);
      root = moved;
      expect((await load()).fromCache).toBe(true);
    });

    test.each([{ height: 11 }, { width: 21 }])(
      'decodes anew for another size: %p',
      async (other) => {
        await load();
        expect((await load(other)).fromCache).toBe(false);
      },
    );

    test('keeps height and width apart', async () => {
      await load({ height: 10, width: 20 });
      expect((await load({ height: 20, width: 10 })).fromCache).toBe(false);
    });

    test('decodes anew where the pixels were cut short', async () => {
      const { pixels } = await load();
      await truncate(await entry('.rgb'), 100);
      const again = await load();
      expect(again.fromCache).toBe(false);
      expect(Buffer.compare(again.pixels, pixels)).toBe(0);
    });

    test('decodes anew where a byte of the pixels was changed', async () => {
      const { pixels } = await load();
      const bytes = await readFile(await entry('.rgb'));
      bytes[5] = (bytes[5] ?? 0) ^ 1;
      await writeFile(await entry('.rgb'), bytes);
      const again = await load();
      expect(again.fromCache).toBe(false);
      expect(Buffer.compare(again.pixels, pixels)).toBe(0);
      expect((await load()).fromCache).toBe(true);
    });

    test('counts an entry only with its header, as a kill between the two leaves it', async () => {
      await load();
      await rename(await entry('.json'), `${await entry('.json')}.unfinished`);
      expect((await load()).fromCache).toBe(false);
    });

    test('leaves nothing unfinished, and removes what was abandoned a day ago', async () => {
      await writeFiles(cacheDirectory, {
        'old.rgb.1.unfinished': 'x',
        'new.rgb.1.unfinished': 'x',
      });
      const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
      await utimes(join(cacheDirectory, 'old.rgb.1.unfinished'), twoDaysAgo, twoDaysAgo);
      await load();
      const unfinished = (await readdir(cacheDirectory)).filter((name) =>
        name.endsWith('.unfinished'),
      );
      expect(unfinished).toEqual(['new.rgb.1.unfinished']);
    });

    test('says where it cannot be written', async () => {
      const file = join(await temporaryFolder(), 'a-file');
      await writeFile(file, '');
      const loading = load({ cacheDirectory: join(file, 'cache') });
      await expect(loading).rejects.toMatchObject({
        code: 'INVALID_FILE',
        message: expect.stringContaining('cannot be written'),
      });
    });
  });
});
