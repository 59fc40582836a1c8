import type { SharedTrainingSet } from './shared-training-set';
import type { Tree } from './tree';
import { addressOf, type TreeGrowerExports } from './tree-grower-module';

/** Copies the tree that was just grown out of the workspace. */
export function readTree(
  wasm: TreeGrowerExports,
  trainingSet: SharedTrainingSet,
  classWeights: Float64Array,
  nodeCount: number,
): Tree {
  const { buffer } = trainingSet.memory;
  const copy = (pointer: WebAssembly.Global) =>
    new Uint32Array(buffer, addressOf(pointer), nodeCount).slice();
  const lefts = copy(wasm.nodeLefts);
  const features = copy(wasm.nodeFeatures);
  const thresholds = Uint8Array.from(copy(wasm.nodeThresholds));
  const decreases = new Float64Array(buffer, addressOf(wasm.nodeDecreases), nodeCount).slice();
  let leafCount = 0;
  lefts.forEach((left, node) => {
    if (left !== 0) return;
    features[node] = leafCount++;
    thresholds[node] = 0;
    decreases[node] = 0;
  });
  const distributions = readDistributions(wasm, trainingSet, classWeights, lefts);
  return { lefts, features, thresholds, decreases, distributions };
}

/** Class probabilities of each leaf, from the samples that it ended with: [leaves × classes]. */
function readDistributions(
  wasm: TreeGrowerExports,
  { memory: { buffer }, sampleCount, classCount }: SharedTrainingSet,
  classWeights: Float64Array,
  lefts: Uint32Array,
): Float32Array {
  const starts = new Uint32Array(buffer, addressOf(wasm.nodeStarts), lefts.length);
  const ends = new Uint32Array(buffer, addressOf(wasm.nodeEnds), lefts.length);
  const classes = new Uint32Array(buffer, addressOf(wasm.sampleClasses), sampleCount);
  const counts = new Uint32Array(buffer, addressOf(wasm.sampleCounts), sampleCount);
  const distributions = new Float32Array(((lefts.length + 1) / 2) * classCount);
  let leaf = 0;
  lefts.forEach((left, node) => {
    if (left !== 0) return;
    const totals = new Float64Array(classCount);
    for (let sample = starts[node] as number; sample < (ends[node] as number); sample++) {
      const label = classes[sample] as number;
      const weight = (counts[sample] as number) * (classWeights[label] as number);
      totals[label] = (totals[label] as number) + weight;
    }
    const total = totals.reduce((sum, weight) => sum + weight, 0);
    distributions.set(
      totals.map((weight) => weight / total),
      leaf++ * classCount,
    );
  });
  return distributions;
}
