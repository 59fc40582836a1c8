import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { assertArgument, assertThreads, DlcmpError, type FitOptions } from '@dlcmp/contract';
import { countFeatures } from '../max-features';
import { type ExportOnnxOptions, exportOnnx } from './export-onnx';
import { computeFeatureImportances } from './feature-importances';
import { decodeForest, encodeForest, type SavedForest } from './forest-file';
import { growForest } from './grow-forest';
import { scoreOutOfBag } from './out-of-bag';
import { type RandomForestParameters, resolveParameters, weighClasses } from './parameters';
import { mostProbableClasses, predictForest } from './predict-forest';

/** The file of a saved model that holds its trees. */
const FOREST_FILE = 'forest.bin';

/** Options of {@link RandomForestClassifier.fit}. */
export interface RandomForestFitOptions extends FitOptions {
  /** Default: one more than the greatest label. */
  readonly classCount?: number;
  /** Worker threads; the forest does not depend on it. Default: as many as can run at once. */
  readonly threads?: number;
}

/**
 * A random forest (Breiman 2001) on features of one byte, such as pixels. Samples are row-major
 * [samples × features]; classes are numbered from 0.
 *
 * Every value of a byte is a histogram bin, so the splits are those of an exact search: the same
 * candidates as in scikit-learn's `RandomForestClassifier`.
 */
export class RandomForestClassifier {
  /** The settings in force. */
  readonly parameters: Required<RandomForestParameters>;
  private fitted: SavedForest | undefined;

  /** @throws `INVALID_ARGUMENT` */
  constructor(parameters: RandomForestParameters = {}) {
    this.parameters = resolveParameters(parameters);
  }

  /**
   * Grows the forest; a second call forgets the first.
   *
   * @param values [samples × features]; the number of features follows from the labels'
   * @param labels [samples] class numbers
   * @throws `INVALID_ARGUMENT`, `ABORTED`
   */
  async fit(
    values: Uint8Array,
    labels: Int32Array,
    options: RandomForestFitOptions = {},
  ): Promise<void> {
    const featureCount = assertSamples(values, labels);
    const { threads = availableParallelism(), classCount = greatest(labels) + 1 } = options;
    assertThreads(threads);
    assertArgument(
      labels.every((label) => label >= 0 && label < classCount),
      `labels must be from 0 to ${classCount - 1}.`,
    );
    const { maxFeatures, classWeight, nEstimators, oobScore, seed, ...rest } = this.parameters;
    const plan = {
      ...rest,
      seed,
      featuresPerSplit: countFeatures(maxFeatures, featureCount),
      classWeights: weighClasses(classWeight, labels, classCount),
    };
    const samples = { values, labels, classCount };
    const trees = await growForest(samples, plan, nEstimators, threads, options);
    const forest = { featureCount, classCount, trees };
    const score = oobScore ? await scoreOutOfBag(forest, samples, seed, options) : undefined;
    this.fitted = { forest, oobScore: score };
  }

  /**
   * Class probabilities, the mean of the leaf's over the trees: row-major [samples × classes].
   *
   * @throws `NOT_FITTED`, `INVALID_ARGUMENT`
   */
  predictProba(values: Uint8Array): Float32Array {
    const { forest } = this.assertFitted();
    assertArgument(
      values.length % forest.featureCount === 0,
      `values holds ${values.length} bytes, which must be a multiple of the ${forest.featureCount} features.`,
    );
    return predictForest(forest, values);
  }

  /**
   * The most probable class of each sample: [samples].
   *
   * @throws `NOT_FITTED`, `INVALID_ARGUMENT`
   */
  predict(values: Uint8Array): Int32Array {
    return mostProbableClasses(this.predictProba(values), this.assertFitted().forest.classCount);
  }

  /**
   * Accuracy on the training samples, each judged by the trees that have not seen it; absent unless
   * the parameter `oobScore` is set, and where every tree has seen every sample.
   *
   * @throws `NOT_FITTED`
   */
  get oobScore(): number | undefined {
    return this.assertFitted().oobScore;
  }

  /**
   * Mean decrease in impurity by each feature: [features], summing to 1.
   *
   * @throws `NOT_FITTED`
   */
  get featureImportances(): Float64Array {
    return computeFeatureImportances(this.assertFitted().forest);
  }

  /**
   * Number of nodes and greatest depth of each tree; a tree without a split has depth 0.
   *
   * @throws `NOT_FITTED`
   */
  get treeSizes(): { nodeCount: number; depth: number }[] {
    return this.assertFitted().forest.trees.map(({ lefts }) => {
      const depths = new Uint32Array(lefts.length);
      lefts.forEach((left, node) => {
        if (left !== 0) depths.fill((depths[node] as number) + 1, left, left + 2);
      });
      return { nodeCount: lefts.length, depth: greatest(depths) };
    });
  }

  /**
   * The forest as a self-contained ONNX model, which takes the bytes and gives labels and
   * probabilities.
   *
   * @throws `NOT_FITTED`, `INVALID_ARGUMENT`
   */
  exportOnnx(options: ExportOnnxOptions = {}): Promise<Uint8Array> {
    return exportOnnx(this.assertFitted().forest, options);
  }

  /**
   * Writes the forest into the existing `directory`.
   *
   * @throws `NOT_FITTED`
   */
  async save(directory: string): Promise<void> {
    await writeFile(join(directory, FOREST_FILE), encodeForest(this.assertFitted()));
  }

  /**
   * Opens what `save` wrote; `parameters` hold for a further `fit`.
   *
   * @throws `INVALID_FILE`, `INVALID_ARGUMENT`
   */
  static async load(
    directory: string,
    parameters: RandomForestParameters = {},
  ): Promise<RandomForestClassifier> {
    const path = join(directory, FOREST_FILE);
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      const fault = `${path} cannot be read (${cause.code}).`;
      throw new DlcmpError('INVALID_FILE', `${fault} Save the model again, or name its folder.`, {
        cause,
      });
    });
    const classifier = new RandomForestClassifier(parameters);
    classifier.fitted = decodeForest(bytes, path);
    return classifier;
  }

  private assertFitted(): SavedForest {
    if (this.fitted) return this.fitted;
    throw new DlcmpError('NOT_FITTED', 'The forest has no trees yet. Call fit first.');
  }
}

/** Throws `INVALID_ARGUMENT` unless the lengths fit; returns the number of features. */
function assertSamples(values: Uint8Array, labels: Int32Array): number {
  const featureCount = values.length / labels.length;
  assertArgument(
    Number.isInteger(featureCount) && featureCount >= 1,
    `values must hold as many bytes for each of the ${labels.length} labels, at least one, not ${values.length} in all.`,
  );
  return featureCount;
}

function greatest(numbers: Int32Array | Uint32Array): number {
  let found = 0;
  for (const number of numbers) if (number > found) found = number;
  return found;
}
