import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 64;
export const FEATURES = SIDE * SIDE * 3;

/** Share of an image that a crop keeps of its width and height. */
const CROP = 0.85;

/**
 * Writes `rows` images as bytes, 64×64 RGB, and their class numbers as int32. Where there are fewer
 * images, they come again: mirrored, then cropped at a corner, then both, so that no two rows are
 * the same.
 *
 * @param folder holds one folder of images a class
 * @param rows default: one for each image
 * @returns how many rows were written
 */
export async function writeMatrix(folder, path, rows) {
  const images = await listImages(folder);
  const count = rows ?? images.length;
  const values = Buffer.alloc(count * FEATURES);
  const labels = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const { file, label } = images[row % images.length];
    const pixels = await readVariant(file, Math.floor(row / images.length));
    pixels.copy(values, row * FEATURES);
    labels[row] = label;
  }
  await writeFile(path, values);
  await writeFile(`${path}.labels`, Buffer.from(labels.buffer));
  return count;
}

/** The images of all classes in turn, so that the first rows are of every class. */
async function listImages(folder) {
  const images = [];
  for (const [label, name] of (await readdir(folder)).sort().entries()) {
    const files = (await readdir(join(folder, name))).sort();
    images.push(...files.map((file, place) => ({ file: join(folder, name, file), label, place })));
  }
  return images.sort((a, b) => a.place - b.place || a.label - b.label);
}

/** @param variant 0: as it is; odd: mirrored; from 2 on: cropped, each pair at another corner */
async function readVariant(file, variant) {
  let image = sharp(file);
  const corner = Math.floor(variant / 2);
  if (corner > 0) {
    const { width, height } = await image.metadata();
    const size = { width: Math.floor(width * CROP), height: Math.floor(height * CROP) };
    const left = corner % 2 === 1 ? 0 : width - size.width;
    const top = corner % 4 < 2 ? 0 : height - size.height;
    image = image.extract({ left, top, ...size });
  }
  if (variant % 2 === 1) image = image.flop();
  return image
    .resize(SIDE, SIDE, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}
