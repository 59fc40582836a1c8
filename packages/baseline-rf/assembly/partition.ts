import { featureAddress, rowStride } from './node-values';
import { movedSamples, sampleClasses, sampleCounts, sampleRows } from './workspace';

/** Halfway between the neighbouring values of the two sides, rounded down. */
export let threshold: u32 = 0;

/**
 * Brings the samples of a node whose `feature` is at most `value` to the front, keeping the order
 * on both sides.
 *
 * @returns the first sample of the right side
 */
export function partition(feature: u32, value: u32, start: u32, end: u32): u32 {
  const values = featureAddress(feature);
  const stride = rowStride;
  let greatestLeft: u32 = 0;
  let leastRight: u32 = 255;
  let middle = start;
  let moved = movedSamples;
  for (let i = start; i < end; i++) {
    const row = load<u32>(sampleRows + i * 4);
    const label = load<u32>(sampleClasses + i * 4);
    const count = load<u32>(sampleCounts + i * 4);
    const own = <u32>load<u8>(values + row * stride);
    if (own <= value) {
      greatestLeft = max(greatestLeft, own);
      writeSample(middle++, row, label, count);
    } else {
      leastRight = min(leastRight, own);
      store<u32>(moved, row);
      store<u32>(moved, label, 4);
      store<u32>(moved, count, 8);
      moved += 12;
    }
  }
  threshold = (greatestLeft + leastRight) >> 1;
  for (let i = middle, from = movedSamples; i < end; i++, from += 12) {
    writeSample(i, load<u32>(from), load<u32>(from, 4), load<u32>(from, 8));
  }
  return middle;
}

function writeSample(at: u32, row: u32, label: u32, count: u32): void {
  store<u32>(sampleRows + at * 4, row);
  store<u32>(sampleClasses + at * 4, label);
  store<u32>(sampleCounts + at * 4, count);
}
