/** The best split of the node found so far; a later one must be strictly better. */
export let bestScore: f64 = 0;
export let bestFeature: u32 = 0;
/** The greatest pixel value that goes left. */
export let bestValue: u32 = 0;

let minSamplesLeaf: u32 = 1;

export function setMinSamplesLeaf(count: u32): void {
  minSamplesLeaf = count;
}

export function forgetSplit(): void {
  bestScore = 0;
}

/** Keeps the split of `feature` after `value` if it is better and leaves enough on both sides. */
export function offerSplit(
  score: f64,
  feature: u32,
  value: u32,
  leftSamples: u32,
  rightSamples: u32,
): void {
  if (!(score > bestScore)) return;
  if (leftSamples < minSamplesLeaf || rightSamples < minSamplesLeaf) return;
  bestScore = score;
  bestFeature = feature;
  bestValue = value;
}
