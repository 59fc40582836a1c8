import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  bytesPerImage,
  createGenerator,
  DlcmpError,
  type FitOptions,
  type FitSummary,
  type LabelledImages,
  type ModelSpec,
  nextInteger,
  throwIfAborted,
} from '@dlcmp/contract';
import type { ForestEngine } from '../forest-engine';
import { countFeatures } from '../max-features';
import { type Library, type LibraryForest, loadLibrary } from './load-library';
import { MlRandomForest, TREES_FILE } from './ml-random-forest';
import { type MlRandomForestOptions, resolveMlRandomForestOptions } from './options';

type Settings = Required<MlRandomForestOptions> & { readonly featuresPerTree: number };

/**
 * Forests grown by `ml-random-forest`: each tree is a forest of one, so that progress and abort
 * come between trees, and our own draw of rows takes the place of the library's `maxSamples`,
 * which takes the first rows.
 *
 * @throws `FRAMEWORK_MISSING`, `INVALID_ARGUMENT`
 */
export async function createMlRandomForestEngine(
  options: MlRandomForestOptions,
): Promise<ForestEngine<MlRandomForest>> {
  const resolved = resolveMlRandomForestOptions(options);
  const library = await loadLibrary();
  return {
    name: 'ml-random-forest',
    async fit(spec, images, fitOptions) {
      const settings = {
        ...resolved,
        rowsPerTree: Math.min(resolved.rowsPerTree, images.count),
        featuresPerTree: countFeatures(resolved.maxFeatures, bytesPerImage(spec)),
      };
      const trees = await growTrees(library, spec, images, settings, fitOptions);
      return {
        forest: new MlRandomForest(library, trees, spec),
        summary: summarize(settings, images.count),
      };
    },
    load: async (spec, directory) =>
      new MlRandomForest(library, await readTrees(library, directory), spec),
  };
}

async function growTrees(
  library: Library,
  spec: ModelSpec,
  images: LabelledImages,
  settings: Settings,
  { signal, onProgress }: FitOptions,
): Promise<LibraryForest[]> {
  const trees: LibraryForest[] = [];
  const total = settings.nEstimators;
  while (trees.length < total) {
    await setImmediate();
    throwIfAborted(signal);
    trees.push(growTree(library, spec, images, settings, trees.length));
    onProgress?.({ unit: 'tree', completed: trees.length, total });
  }
  return trees;
}

function growTree(
  { RandomForestClassifier, Matrix }: Library,
  spec: ModelSpec,
  images: LabelledImages,
  settings: Settings,
  tree: number,
): LibraryForest {
  const featureCount = bytesPerImage(spec);
  const generator = createGenerator(spec.seed, 'ml-random-forest', tree);
  const rows = Array.from({ length: settings.rowsPerTree }, () =>
    nextInteger(generator, images.count),
  );
  const forest = new RandomForestClassifier({
    nEstimators: 1,
    // A share, because the library reads the count 1 as all; the half guards its rounding down.
    maxFeatures: Math.min(1, (settings.featuresPerTree + 0.5) / featureCount),
    replacement: false,
    seed: generator.next() | 0,
    useSampleBagging: false,
    noOOB: true,
    treeOptions: {
      maxDepth: settings.maxDepth ?? Number.POSITIVE_INFINITY,
      minNumSamples: 1,
      gainThreshold: 0,
    },
  });
  const pixels = rows.map((row) =>
    images.pixels.subarray(row * featureCount, (row + 1) * featureCount),
  );
  forest.train(
    new Matrix(pixels),
    rows.map((row) => images.labels[row] as number),
  );
  return forest;
}

function summarize(settings: Settings, imageCount: number): FitSummary {
  const { nEstimators, rowsPerTree, featuresPerTree, maxDepth } = settings;
  return {
    details: {
      engine: 'ml-random-forest',
      trees: nEstimators,
      rowsPerTree,
      featuresPerTree,
      maxDepth: maxDepth ?? 'unlimited',
    },
    notes: [
      `Each tree saw ${rowsPerTree} of ${imageCount} training images, drawn with replacement: ml-random-forest's training time grows at least with the square of the images.`,
      `Each tree saw ${featuresPerTree} of the pixel values: ml-random-forest draws features once a tree, not at each split.`,
    ],
  };
}

async function readTrees(library: Library, directory: string): Promise<LibraryForest[]> {
  const path = join(directory, TREES_FILE);
  try {
    const models = JSON.parse(await readFile(path, 'utf8')) as unknown[];
    return models.map((model) => library.RandomForestClassifier.load(model));
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} does not hold trees of ml-random-forest. Save the model again.`,
      { cause },
    );
  }
}
