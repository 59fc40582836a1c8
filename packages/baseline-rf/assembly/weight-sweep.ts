import { nodeSquares, scoreSplit } from './node-classes';
import { featureAddress, rowStride } from './node-values';
import { offerSplit } from './split';
import {
  classCount,
  classTotals,
  classWeights,
  countHistogram,
  leftTotals,
  sampleClasses,
  sampleCounts,
  sampleRows,
  weightHistogram,
} from './workspace';

/** Sums of squared class weights on both sides of the split in question, and the left weight. */
let leftSquares: f64 = 0;
let rightSquares: f64 = 0;
let leftWeight: f64 = 0;

/**
 * The search for any number of classes and any weights: offers every split of the node by
 * `feature`.
 *
 * @returns whether the samples differ in it
 */
export function sweepWeights(feature: u32, start: u32, end: u32): bool {
  fillHistogram(feature, start, end);
  memory.fill(leftTotals, 0, classCount * 8);
  leftSquares = 0;
  leftWeight = 0;
  rightSquares = nodeSquares;
  const samples = end - start;
  let seen: u32 = 0;
  for (let value: u32 = 0; seen < samples; value++) {
    const count = load<u32>(countHistogram + value * 4);
    if (count === 0) continue;
    if (count === samples) {
      moveLeft(value);
      return false;
    }
    moveLeft(value);
    seen += count;
    if (seen < samples) {
      const score = scoreSplit(leftSquares, leftWeight, rightSquares);
      offerSplit(score, feature, value, seen, samples - seen);
    }
  }
  return true;
}

function fillHistogram(feature: u32, start: u32, end: u32): void {
  const values = featureAddress(feature);
  const stride = rowStride;
  for (let i = start; i < end; i++) {
    const value = <u32>load<u8>(values + load<u32>(sampleRows + i * 4) * stride);
    const label = load<u32>(sampleClasses + i * 4);
    const weight = load<f64>(classWeights + label * 8) * load<u32>(sampleCounts + i * 4);
    const bin = weightHistogram + (value * classCount + label) * 8;
    store<f64>(bin, load<f64>(bin) + weight);
    const count = countHistogram + value * 4;
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Moves the samples of one pixel value from right to left, and clears its bins. */
function moveLeft(value: u32): void {
  store<u32>(countHistogram + value * 4, 0);
  const bins = weightHistogram + value * classCount * 8;
  for (let label: u32 = 0; label < classCount; label++) {
    const weight = load<f64>(bins + label * 8);
    if (weight === 0) continue;
    store<f64>(bins + label * 8, 0);
    const left = load<f64>(leftTotals + label * 8);
    const right = load<f64>(classTotals + label * 8) - left;
    leftSquares += weight * (2 * left + weight);
    rightSquares += weight * (weight - 2 * right);
    store<f64>(leftTotals + label * 8, left + weight);
    leftWeight += weight;
  }
}
