import {
  classCount,
  classLanes,
  classTotals,
  classWeights,
  sampleClasses,
  sampleCounts,
} from './workspace';

/** Weight of all samples of the node. */
export let nodeWeight: f64 = 0;
/** Sum of the squared class weights of the node. */
export let nodeSquares: f64 = 0;
export let presentClasses: u32 = 0;

/** Most classes for which every division of them into two sides is looked at. */
const MAX_BOUNDED_CLASSES: u32 = 8;

/** Adds up the samples from `start` to `end` by class, and numbers the classes present. */
export function countClasses(start: u32, end: u32): void {
  memory.fill(classTotals, 0, classCount * 8);
  for (let i = start; i < end; i++) {
    const label = load<u32>(sampleClasses + i * 4);
    const at = classTotals + label * 8;
    const weight = load<f64>(classWeights + label * 8) * load<u32>(sampleCounts + i * 4);
    store<f64>(at, load<f64>(at) + weight);
  }
  nodeWeight = 0;
  nodeSquares = 0;
  presentClasses = 0;
  for (let label: u32 = 0; label < classCount; label++) {
    const total = load<f64>(classTotals + label * 8);
    nodeWeight += total;
    nodeSquares += total * total;
    store<i32>(classLanes + label * 4, total > 0 ? presentClasses++ : -1);
  }
}

/**
 * How good a split is: Σ left²/left weight + Σ right²/right weight over the classes. The greater,
 * the purer; it differs from the Gini gain by constants of the node alone. Whole numbers stay exact
 * up to the one division, so that equal splits have equal scores.
 */
export function scoreSplit(leftSquares: f64, leftWeight: f64, rightSquares: f64): f64 {
  const rightWeight = nodeWeight - leftWeight;
  return (leftSquares * rightWeight + rightSquares * leftWeight) / (leftWeight * rightWeight);
}

/**
 * The best score that any split of the node can have. The score is convex in the class weights of
 * the left side, so it is highest where each class is wholly on one side.
 */
export function bestPossibleScore(): f64 {
  if (presentClasses > MAX_BOUNDED_CLASSES) return Infinity;
  let best: f64 = 0;
  for (let sides: u32 = 1; sides < (<u32>1) << (presentClasses - 1); sides++) {
    let leftSquares: f64 = 0;
    let leftWeight: f64 = 0;
    for (let label: u32 = 0; label < classCount; label++) {
      const lane = load<i32>(classLanes + label * 4);
      if (lane < 0 || !((sides >> lane) & 1)) continue;
      const total = load<f64>(classTotals + label * 8);
      leftSquares += total * total;
      leftWeight += total;
    }
    best = max(best, scoreSplit(leftSquares, leftWeight, nodeSquares - leftSquares));
  }
  return best;
}
