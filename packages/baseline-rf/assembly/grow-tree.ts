import { configureSearch, findSplit } from './find-split';
import { countClasses, nodeSquares, nodeWeight, presentClasses } from './node-classes';
import { forgetBlock, openNode } from './node-values';
import { partition, threshold } from './partition';
import { seedGenerator } from './random';
import { bestFeature, bestScore, bestValue, setMinSamplesLeaf } from './split';
import {
  featureCount,
  features,
  nodeDecreases,
  nodeEnds,
  nodeFeatures,
  nodeLefts,
  nodeStarts,
  nodeThresholds,
  pendingNodes,
} from './workspace';

let maxDepth: u32 = 0;
let minSamplesSplit: u32 = 2;

let nodeCount: u32 = 0;
let pendingCount: u32 = 0;

/**
 * Sets how trees are grown.
 *
 * @param maximumFeatures features tried at each split
 * @param maximumDepth levels of splits
 * @param minimumSamplesLeaf samples that each side of a split needs
 * @param random one random split a feature instead of the best
 * @param weighted whether class weights differ from 1
 */
export function configure(
  maximumFeatures: u32,
  maximumDepth: u32,
  minimumSamplesLeaf: u32,
  random: bool,
  weighted: bool,
): void {
  configureSearch(maximumFeatures, random, weighted);
  setMinSamplesLeaf(minimumSamplesLeaf);
  maxDepth = maximumDepth;
  minSamplesSplit = max<u32>(2, 2 * minimumSamplesLeaf);
}

/**
 * Grows one tree on the first `samples` samples: CART (Breiman et al. 1984) with features drawn
 * afresh at each split (Breiman 2001, "Random forests"), depth first.
 *
 * @returns the number of nodes
 */
export function growTree(samples: u32, seedLow: u32, seedHigh: u32): u32 {
  seedGenerator(seedLow, seedHigh);
  for (let i: u32 = 0; i < featureCount; i++) store<u32>(features + i * 4, i);
  forgetBlock();
  nodeCount = 0;
  pendingCount = 0;
  addNode(0, samples, 0);
  while (pendingCount > 0) {
    pendingCount--;
    const node = load<u32>(pendingNodes + pendingCount * 8);
    splitNode(node, load<u32>(pendingNodes + pendingCount * 8, 4));
  }
  return nodeCount;
}

/** Adds a node as a leaf, to be split later. */
function addNode(start: u32, end: u32, depth: u32): void {
  store<u32>(nodeLefts + nodeCount * 4, 0);
  store<u32>(nodeStarts + nodeCount * 4, start);
  store<u32>(nodeEnds + nodeCount * 4, end);
  store<u32>(pendingNodes + pendingCount * 8, nodeCount);
  store<u32>(pendingNodes + pendingCount * 8, depth, 4);
  nodeCount++;
  pendingCount++;
}

function splitNode(node: u32, depth: u32): void {
  const start = load<u32>(nodeStarts + node * 4);
  const end = load<u32>(nodeEnds + node * 4);
  if (depth >= maxDepth || end - start < minSamplesSplit) return;
  countClasses(start, end);
  if (presentClasses < 2) return;
  openNode(start, end);
  if (!findSplit(start, end)) return;
  const middle = partition(bestFeature, bestValue, start, end);
  store<u32>(nodeFeatures + node * 4, bestFeature);
  store<u32>(nodeThresholds + node * 4, threshold);
  store<u32>(nodeLefts + node * 4, nodeCount);
  store<f64>(nodeDecreases + node * 8, bestScore - nodeSquares / nodeWeight);
  addNode(start, middle, depth + 1);
  addNode(middle, end, depth + 1);
}
