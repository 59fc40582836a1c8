import { featureAddress, rowStride } from './node-values';
import {
  classCount,
  classLanes,
  classTotals,
  occurringValues,
  sampleClasses,
  sampleCounts,
  sampleRows,
  sampleVectors,
  vectorHistogram,
} from './workspace';

/**
 * A histogram of class vectors: eight 16-bit lanes, seven for the classes of the node and the last
 * for the number of samples.
 */
export const MAX_VECTOR_CLASSES: u32 = 7;
/** Lanes are signed, and a sum of squares of this many still fits in 32 bits. */
export const MAX_VECTOR_WEIGHT: f64 = 32767;

export const SAMPLE_LANE: u8 = 7;

/** Class weights of the whole node; the sample lane is 0. */
export let totals: v128 = i16x8.splat(0);

/** Writes what each sample of the node adds to a class vector. */
export function prepareVectors(start: u32, end: u32): void {
  memory.fill(sampleVectors, 0, (end - start) * 16);
  let to = sampleVectors;
  for (let i = start; i < end; i++, to += 16) {
    const lane = load<i32>(classLanes + load<u32>(sampleClasses + i * 4) * 4);
    store<i16>(to + lane * 2, <i16>load<u32>(sampleCounts + i * 4));
    store<i16>(to, 1, SAMPLE_LANE * 2);
  }
  store<v128>(vectorHistogram, i16x8.splat(0));
  for (let label: u32 = 0; label < classCount; label++) {
    const lane = load<i32>(classLanes + label * 4);
    if (lane < 0) continue;
    store<i16>(vectorHistogram + lane * 2, <i16>load<f64>(classTotals + label * 8));
  }
  totals = v128.load(vectorHistogram);
  store<v128>(vectorHistogram, i16x8.splat(0));
}

/**
 * Adds the samples up by pixel value.
 *
 * @returns one bit for each four values, set where one of them occurs
 */
export function fillHistogram(feature: u32, start: u32, end: u32): u64 {
  const values = featureAddress(feature);
  const stride = rowStride;
  let occupied: u64 = 0;
  let vector = sampleVectors;
  for (let i = start; i < end; i++, vector += 16) {
    const value = <u32>load<u8>(values + load<u32>(sampleRows + i * 4) * stride);
    const bin = vectorHistogram + value * 16;
    v128.store(bin, i16x8.add(v128.load(bin), v128.load(vector)));
    occupied |= (<u64>1) << (value >> 2);
  }
  return occupied;
}

/**
 * Lists the values that occur, in rising order, and after them three times a value that does not
 * occur: its bin is always empty.
 *
 * @returns the number of values that occur
 */
export function listValues(groups: u64): u32 {
  let count: u32 = 0;
  for (; groups !== 0; groups &= groups - 1) {
    const first = <u32>ctz(groups) * 4;
    for (let value = first; value < first + 4; value++) {
      // Written in any case, and kept only where the count goes on: no branch to mispredict.
      store<u16>(occurringValues + count * 2, <u16>value);
      count += <u32>(load<u16>(vectorHistogram + value * 16, SAMPLE_LANE * 2) !== 0);
    }
  }
  for (let pad: u32 = 0; pad < 3; pad++) store<u16>(occurringValues + (count + pad) * 2, 256);
  return count;
}

/** Takes the samples of a value out of the histogram. */
export function takeBin(value: u32): v128 {
  const bin = vectorHistogram + value * 16;
  const vector = v128.load(bin);
  v128.store(bin, i16x8.splat(0));
  return vector;
}
