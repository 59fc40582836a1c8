import { setImmediate } from 'node:timers/promises';
import { type FitOptions, throwIfAborted } from '@dlcmp/contract';
import { drawBootstrap } from './bootstrap';
import type { Forest } from './forest';
import type { TrainingSamples } from './grow-forest';
import { addDistribution, mostProbableClasses } from './predict-forest';
import { findLeaf } from './tree';

/**
 * The accuracy of the forest on its training samples, each judged only by the trees that have not
 * seen it (Breiman 2001, "Random forests", section 3.1). Samples that every tree has seen are left
 * out; absent where all were.
 *
 * @throws `ABORTED`, between two trees
 */
export async function scoreOutOfBag(
  forest: Forest,
  { values, labels, classCount }: TrainingSamples,
  seed: number,
  { signal }: FitOptions,
): Promise<number | undefined> {
  const sums = new Float64Array(labels.length * classCount);
  for (const [index, tree] of forest.trees.entries()) {
    await setImmediate();
    throwIfAborted(signal);
    drawBootstrap(seed, index, labels.length).forEach((count, sample) => {
      if (count > 0) return;
      const leaf = findLeaf(tree, values, sample * forest.featureCount, classCount);
      addDistribution(tree.distributions, leaf, sums, sample * classCount, classCount);
    });
  }
  return accuracyWhereJudged(sums, labels, classCount);
}

function accuracyWhereJudged(
  sums: Float64Array,
  labels: Int32Array,
  classCount: number,
): number | undefined {
  const predicted = mostProbableClasses(sums, classCount);
  let judged = 0;
  let right = 0;
  labels.forEach((label, sample) => {
    const start = sample * classCount;
    if (sums.subarray(start, start + classCount).every((sum) => sum === 0)) return;
    judged++;
    if (predicted[sample] === label) right++;
  });
  return judged === 0 ? undefined : right / judged;
}
