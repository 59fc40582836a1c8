import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RandomForestClassifier, type RandomForestParameters } from '../../src';
import { growForest } from '../../src/exact/grow-forest';
import { weighClasses } from '../../src/exact/parameters';
import type { Tree } from '../../src/exact/tree';

interface SklearnTree {
  readonly parameters: {
    readonly max_depth?: number;
    readonly min_samples_leaf?: number;
    readonly class_weight?: 'balanced' | Record<string, number>;
  };
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly importances: readonly number[];
  readonly probabilities: readonly number[];
}

/** What `test/fixtures/make_sklearn_reference.py` wrote. */
interface Reference {
  readonly featureCount: number;
  readonly classCount: number;
  readonly values: readonly number[];
  readonly labels: readonly number[];
  readonly unseenValues: readonly number[];
  readonly unseenLabels: readonly number[];
  readonly trees: readonly SklearnTree[];
  readonly forestAccuracies: readonly number[];
  readonly extraTreesAccuracies: readonly number[];
  readonly oobScores: readonly number[];
}

let reference: Reference;
let values: Uint8Array;
let labels: Int32Array;
let unseen: Uint8Array;

beforeAll(async () => {
  const path = new URL('../fixtures/sklearn-reference.json', import.meta.url);
  reference = JSON.parse(await readFile(path, 'utf8')) as Reference;
  values = Uint8Array.from(reference.values);
  labels = Int32Array.from(reference.labels);
  unseen = Uint8Array.from(reference.unseenValues);
});

/** scikit-learn's parameters under our names; one tree, all features, all samples. */
function singleTree({ parameters }: SklearnTree): RandomForestParameters {
  const { class_weight: classWeight, max_depth, min_samples_leaf } = parameters;
  return {
    nEstimators: 1,
    bootstrap: false,
    maxFeatures: null,
    maxDepth: max_depth ?? null,
    minSamplesLeaf: min_samples_leaf ?? 1,
    classWeight:
      typeof classWeight === 'object' ? Object.values(classWeight) : (classWeight ?? null),
  };
}

/** Features and thresholds in scikit-learn's order: depth first, -2 for a leaf. */
function listDepthFirst(tree: Tree, node = 0): { feature: number; threshold: number }[] {
  const left = tree.lefts[node] as number;
  if (left === 0) return [{ feature: -2, threshold: -2 }];
  const split = {
    feature: tree.features[node] as number,
    threshold: tree.thresholds[node] as number,
  };
  return [split, ...listDepthFirst(tree, left), ...listDepthFirst(tree, left + 1)];
}

const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b) / numbers.length;

const CASES = ['of depth 3', 'of leaves of 15', 'balanced', 'with class weights'] as const;

describe.each(CASES.map((name, index) => [name, index] as const))('a tree %s', (_, index) => {
  it('splits as in scikit-learn', async () => {
    const expected = reference.trees[index] as SklearnTree;
    const { maxDepth = null, minSamplesLeaf = 1, classWeight = null } = singleTree(expected);
    const { classCount, featureCount } = reference;
    const plan = {
      seed: 3,
      bootstrap: false,
      featuresPerSplit: featureCount,
      maxDepth,
      minSamplesLeaf,
      splitter: 'best',
      classWeights: weighClasses(classWeight, labels, classCount),
    } as const;
    const [tree] = await growForest({ values, labels, classCount }, plan, 1, 1, {});
    const splits = listDepthFirst(tree as Tree);
    expect(splits.map(({ feature }) => feature)).toEqual(expected.features);
    expect(splits.map(({ threshold }) => threshold)).toEqual(
      expected.thresholds.map((threshold) => Math.floor(threshold)),
    );
  });

  it('has its probabilities and importances', async () => {
    const expected = reference.trees[index] as SklearnTree;
    const classifier = new RandomForestClassifier(singleTree(expected));
    await classifier.fit(values, labels);
    classifier.predictProba(unseen).forEach((probability, at) => {
      expect(probability).toBeCloseTo(expected.probabilities[at] as number, 6);
    });
    classifier.featureImportances.forEach((importance, feature) => {
      expect(importance).toBeCloseTo(expected.importances[feature] as number, 9);
    });
  });
});

describe('a forest', () => {
  async function scores(parameters: RandomForestParameters) {
    const accuracies: number[] = [];
    const oobScores: number[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const classifier = new RandomForestClassifier({ ...parameters, seed, oobScore: true });
      await classifier.fit(values, labels);
      const predicted = classifier.predict(unseen);
      const right = reference.unseenLabels.filter((label, at) => predicted[at] === label);
      accuracies.push(right.length / reference.unseenLabels.length);
      oobScores.push(classifier.oobScore as number);
    }
    return { accuracy: mean(accuracies), oobScore: mean(oobScores) };
  }

  it('is as accurate as scikit-learn’s, out of the bag too', async () => {
    const { accuracy, oobScore } = await scores({});
    expect(Math.abs(accuracy - mean(reference.forestAccuracies))).toBeLessThan(0.01);
    expect(Math.abs(oobScore - mean(reference.oobScores))).toBeLessThan(0.01);
  });

  it('is as accurate as scikit-learn’s with random splits', async () => {
    const { accuracy } = await scores({ splitter: 'random' });
    expect(Math.abs(accuracy - mean(reference.extraTreesAccuracies))).toBeLessThan(0.01);
  });
});
