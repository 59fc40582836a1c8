import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  defaultCacheDirectory,
  ensureSampleSet,
  loadImages,
  openDataset,
} from '../../packages/data/dist/index.js';

const DATA_DIRECTORY = fileURLToPath(new URL('../../data', import.meta.url));

/**
 * Writes images as bytes, RGB of `side`×`side` pixels, to `path`, and their class numbers as int32 to `path`.labels.
 *
 * @param folder an image folder with its splits, of which the training images are taken, or one folder of images a
 *   class. Default: the repository's `data`, and where that holds no images, the sample images that dlcmp draws.
 * @returns how many, of which size and how many classes; and in words, what is measured
 */
export async function writePixels(folder, count, path, side) {
  const { source, files } = await chooseImages(folder);
  const chosen = inTurn(files).slice(0, count);
  if (chosen.length < count) {
    throw new Error(`${source} holds ${chosen.length} images, not ${count}.`);
  }
  const size = { height: side, width: side };
  const { pixels, labels } = await loadImages(chosen, { ...size, cacheDirectory: false });
  await writeFile(path, pixels);
  await writeFile(`${path}.labels`, labels);
  const classes = 1 + Math.max(...labels);
  const description = `${count} images of ${classes} classes from ${source}, ${side}×${side}`;
  return { path, count, side, classes, description };
}

async function chooseImages(folder) {
  if (folder !== undefined) {
    const dataset = await openIfDataset(folder);
    return { source: folder, files: dataset?.train ?? (await listClassFolders(folder)) };
  }
  const own = await openIfDataset(DATA_DIRECTORY);
  if (own) return { source: DATA_DIRECTORY, files: own.train };
  const directory = join(defaultCacheDirectory(), 'sample');
  const { train } = await ensureSampleSet({ directory });
  return { source: 'the drawn sample set', files: train };
}

async function openIfDataset(folder) {
  try {
    return await openDataset(folder);
  } catch (error) {
    if (error.code === 'INVALID_DATA') return undefined;
    throw error;
  }
}

async function listClassFolders(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const classes = names.sort().map(async (name, label) => {
    const files = (await readdir(join(folder, name))).sort();
    return files.map((file) => ({
      path: join(folder, name, file),
      relativePath: `${name}/${file}`,
      label,
    }));
  });
  return (await Promise.all(classes)).flat();
}

/** The first file of each class, then the second of each, and so on. */
function inTurn(files) {
  const counts = new Map();
  const placed = files.map((file) => {
    const place = counts.get(file.label) ?? 0;
    counts.set(file.label, place + 1);
    return { file, place };
  });
  return placed
    .sort((a, b) => a.place - b.place || a.file.label - b.file.label)
    .map(({ file }) => file);
}
