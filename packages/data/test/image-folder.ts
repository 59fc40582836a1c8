import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import sharp from 'sharp';

const temporaryFolders: string[] = [];
afterAll(async () => {
  for (const folder of temporaryFolders) await rm(folder, { recursive: true, force: true });
});

/** A new empty folder, removed after the tests of its file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dlcmp-data-')));
  temporaryFolders.push(folder);
  return folder;
}

/** A picture unlike that of any other `variant`: 20×10 unless asked otherwise. */
export function picture(variant: number, { width = 20, height = 10 } = {}) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = (i * 7 + variant * 31 + ((i * variant) % 13) * 5) & 255;
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Writes each file, its folders made. */
export async function writeFiles(
  root: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** A data set of PNGs, `count` of each class and split, all different. */
export async function createImageFolder({
  classes = ['cat', 'dog'],
  train = 4,
  test = 2,
  splits = ['train', 'test'],
}: {
  classes?: readonly string[];
  train?: number;
  test?: number;
  splits?: readonly [string, string];
} = {}): Promise<string> {
  const root = await temporaryFolder();
  let variant = 0;
  for (const [split, count] of [
    [splits[0], train],
    [splits[1], test],
  ] as const) {
    for (const name of classes) {
      for (let index = 0; index < count; index++) {
        const png = await picture(++variant).png().toBuffer();
        await writeFiles(root, { [`${split}/${name}/${index}.png`]: png });
      }
    }
  }
  return root;
}
