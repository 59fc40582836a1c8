import type { Forest } from './forest';
import { findLeaf } from './tree';

/**
 * Samples that all trees look at before the next ones come: with a tree's nodes, they stay in the
 * second-level cache.
 */
const BLOCK = 64;

/** Class probabilities of each sample, the mean over the trees: row-major [samples × classes]. */
export function predictForest(forest: Forest, values: Uint8Array): Float32Array {
  const { featureCount, classCount, trees } = forest;
  const sampleCount = values.length / featureCount;
  const sums = new Float64Array(sampleCount * classCount);
  for (let start = 0; start < sampleCount; start += BLOCK) {
    const end = Math.min(start + BLOCK, sampleCount);
    for (const tree of trees) {
      for (let sample = start; sample < end; sample++) {
        const leaf = findLeaf(tree, values, sample * featureCount, classCount);
        addDistribution(tree.distributions, leaf, sums, sample * classCount, classCount);
      }
    }
  }
  return Float32Array.from(sums, (sum) => sum / trees.length);
}

/** Adds the `classCount` probabilities from `from` on to the sums from `to` on. */
export function addDistribution(
  distributions: Float32Array,
  from: number,
  sums: Float64Array,
  to: number,
  classCount: number,
): void {
  for (let label = 0; label < classCount; label++) {
    sums[to + label] = (sums[to + label] as number) + (distributions[from + label] as number);
  }
}

/** The class of the greatest value in each row, the first of equals: [samples]. */
export function mostProbableClasses(
  probabilities: Float32Array | Float64Array,
  classCount: number,
): Int32Array {
  return Int32Array.from({ length: probabilities.length / classCount }, (_, sample) => {
    const start = sample * classCount;
    let best = 0;
    for (let label = 1; label < classCount; label++) {
      if (Number(probabilities[start + label]) > Number(probabilities[start + best])) best = label;
    }
    return best;
  });
}
