import { growForest } from '../../src/exact/grow-forest';
import { weighClasses } from '../../src/exact/parameters';
import type { Tree } from '../../src/exact/tree';
import type { GrowthPlan } from '../../src/exact/tree-grower';

/** The one tree that sees every sample and tries every feature, with `changes` to its plan. */
export async function growWholeTree(
  values: readonly number[],
  labels: readonly number[],
  changes: Partial<GrowthPlan> = {},
): Promise<Tree> {
  const classCount = Math.max(...labels) + 1;
  const plan: GrowthPlan = {
    seed: 1,
    bootstrap: false,
    featuresPerSplit: values.length / labels.length,
    maxDepth: null,
    minSamplesLeaf: 1,
    splitter: 'best',
    classWeights: weighClasses(null, Int32Array.from(labels), classCount),
    ...changes,
  };
  const samples = {
    values: Uint8Array.from(values),
    labels: Int32Array.from(labels),
    classCount,
  };
  const [tree] = await growForest(samples, plan, 1, 1, {});
  if (!tree) throw new Error('No tree was grown.');
  return tree;
}
