import { scoreSplit } from './node-classes';
import { featureAddress, rowStride } from './node-values';
import { nextBelow } from './random';
import { offerSplit } from './split';
import {
  classCount,
  classTotals,
  classWeights,
  leftTotals,
  sampleClasses,
  sampleCounts,
  sampleRows,
  sampleValues,
} from './workspace';

/** Least and greatest value of the feature in question among the node's samples. */
let least: u32 = 0;
let greatest: u32 = 0;

/**
 * Offers one split of the node by `feature`, after a value drawn evenly between the least and the
 * greatest (Geurts, Ernst and Wehenkel 2006, "Extremely randomized trees").
 *
 * @returns whether the samples differ in it
 */
export function drawSplit(feature: u32, start: u32, end: u32): bool {
  readValues(feature, start, end);
  if (least === greatest) return false;
  const value = least + nextBelow(greatest - least);
  const leftSamples = addLeft(value, start, end);
  let leftWeight: f64 = 0;
  let leftSquares: f64 = 0;
  let rightSquares: f64 = 0;
  for (let label: u32 = 0; label < classCount; label++) {
    const left = load<f64>(leftTotals + label * 8);
    const right = load<f64>(classTotals + label * 8) - left;
    leftWeight += left;
    leftSquares += left * left;
    rightSquares += right * right;
  }
  const score = scoreSplit(leftSquares, leftWeight, rightSquares);
  offerSplit(score, feature, value, leftSamples, end - start - leftSamples);
  return true;
}

function readValues(feature: u32, start: u32, end: u32): void {
  const values = featureAddress(feature);
  const stride = rowStride;
  least = 255;
  greatest = 0;
  for (let i = start; i < end; i++) {
    const value = <u32>load<u8>(values + load<u32>(sampleRows + i * 4) * stride);
    store<u8>(sampleValues + (i - start), <u8>value);
    least = min(least, value);
    greatest = max(greatest, value);
  }
}

/** Adds up by class what is at most `value`; returns how many samples are. */
function addLeft(value: u32, start: u32, end: u32): u32 {
  memory.fill(leftTotals, 0, classCount * 8);
  let samples: u32 = 0;
  for (let i = start; i < end; i++) {
    if (<u32>load<u8>(sampleValues + (i - start)) > value) continue;
    const label = load<u32>(sampleClasses + i * 4);
    const weight = load<f64>(classWeights + label * 8) * load<u32>(sampleCounts + i * 4);
    const at = leftTotals + label * 8;
    store<f64>(at, load<f64>(at) + weight);
    samples++;
  }
  return samples;
}
