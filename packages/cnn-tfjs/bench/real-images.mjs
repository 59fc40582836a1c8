import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 150;

/**
 * Writes images as bytes, 150×150 RGB, to `path`, and their class numbers as int32 to `path`.labels.
 *
 * @param folder holds one folder of images a class; the classes come in turn
 */
export async function writePixels(folder, count, path) {
  const images = await listImages(folder);
  if (images.length < count)
    throw new Error(`${folder} holds ${images.length} images, not ${count}.`);
  const chosen = images.slice(0, count);
  const pixels = await Promise.all(chosen.map(({ file }) => readPixels(file)));
  await writeFile(path, Buffer.concat(pixels));
  await writeFile(
    `${path}.labels`,
    Int32Array.from(chosen, ({ label }) => label),
  );
  const classes = 1 + Math.max(...chosen.map(({ label }) => label));
  return { path, count, side: SIDE, classes };
}

async function listImages(folder) {
  const images = [];
  for (const [label, name] of (await readdir(folder)).sort().entries()) {
    const files = (await readdir(join(folder, name))).sort();
    images.push(...files.map((file, place) => ({ file: join(folder, name, file), label, place })));
  }
  return images.sort((a, b) => a.place - b.place || a.label - b.label);
}

function readPixels(file) {
  return sharp(file)
    .resize(SIDE, SIDE, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}
