import { nodeSquares, nodeWeight } from './node-classes';
import { featureAddress, rowStride } from './node-values';
import { bestScore, offerSplit } from './split';
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
 * The search on class vectors: eight 16-bit lanes, seven for the classes of the node and the last
 * for the number of samples. One vector addition moves a pixel value's samples from right to left,
 * and four values are scored at a time.
 */
export const MAX_VECTOR_CLASSES: u32 = 7;
/** Lanes are signed, and a sum of squares of this many still fits in 32 bits. */
export const MAX_VECTOR_WEIGHT: f64 = 32767;

const SAMPLE_LANE: u8 = 7;

/** Class weights of the whole node; the sample lane is 0. */
let totals: v128 = i16x8.splat(0);

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
 * Offers every split of the node by `feature`.
 *
 * @returns whether the samples differ in it
 */
export function sweepVectors(feature: u32, start: u32, end: u32): bool {
  return scoreVectors(feature, fillHistogram(feature, start, end), end - start);
}

/**
 * Adds the samples up by pixel value.
 *
 * @returns one bit for each four values, set where one of them occurs
 */
function fillHistogram(feature: u32, start: u32, end: u32): u64 {
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

/** Sums the lanes of four vectors: one sum a lane. */
function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** The products of four vectors with a fifth, summed: one sum a lane. */
function dotEach(a: v128, b: v128, c: v128, d: v128, by: v128): v128 {
  return sumEach(
    i32x4.dot_i16x8_s(a, by),
    i32x4.dot_i16x8_s(b, by),
    i32x4.dot_i16x8_s(c, by),
    i32x4.dot_i16x8_s(d, by),
  );
}

/** `scoreSplit` of the two splits in the low lanes; not a number where a side is empty. */
function scorePair(leftSquares: v128, leftWeights: v128, rightSquares: v128): v128 {
  const left = f64x2.convert_low_i32x4_s(leftWeights);
  const right = f64x2.sub(f64x2.splat(nodeWeight), left);
  return f64x2.div(
    f64x2.add(
      f64x2.mul(f64x2.convert_low_i32x4_s(leftSquares), right),
      f64x2.mul(f64x2.convert_low_i32x4_s(rightSquares), left),
    ),
    f64x2.mul(left, right),
  );
}

function highHalf(vector: v128): v128 {
  return v128.shuffle<i64>(vector, vector, 1, 1);
}

/**
 * Lists the values that occur, in rising order, and after them three times a value that does not
 * occur: its bin is always empty.
 *
 * @returns the number of values that occur
 */
function listValues(groups: u64): u32 {
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
function takeBin(value: u32): v128 {
  const bin = vectorHistogram + value * 16;
  const vector = v128.load(bin);
  v128.store(bin, i16x8.splat(0));
  return vector;
}

function scoreVectors(feature: u32, groups: u64, samples: u32): bool {
  const ones = i16x8(1, 1, 1, 1, 1, 1, 1, 0);
  const classes = i16x8(-1, -1, -1, -1, -1, -1, -1, 0);
  const squares = i32x4.splat(<i32>nodeSquares);
  const count = listValues(groups);
  let best = f64x2.splat(bestScore);
  let left = i16x8.splat(0);
  for (let at: u32 = 0; at < count; at += 4) {
    const values = occurringValues + at * 2;
    const a = i16x8.add(left, takeBin(load<u16>(values)));
    const b = i16x8.add(a, takeBin(load<u16>(values, 2)));
    const c = i16x8.add(b, takeBin(load<u16>(values, 4)));
    const d = i16x8.add(c, takeBin(load<u16>(values, 6)));
    left = d;
    const leftSquares = sumEach(
      i32x4.dot_i16x8_s(v128.and(a, classes), a),
      i32x4.dot_i16x8_s(v128.and(b, classes), b),
      i32x4.dot_i16x8_s(v128.and(c, classes), c),
      i32x4.dot_i16x8_s(v128.and(d, classes), d),
    );
    const cross = dotEach(a, b, c, d, totals);
    const weights = dotEach(a, b, c, d, ones);
    // Σ(total - left)² = Σ total² - 2 Σ total·left + Σ left²
    const rightSquares = i32x4.add(i32x4.sub(squares, i32x4.shl(cross, 1)), leftSquares);
    const low = scorePair(leftSquares, weights, rightSquares);
    const high = scorePair(highHalf(leftSquares), highHalf(weights), highHalf(rightSquares));
    if (v128.any_true(v128.or(f64x2.gt(low, best), f64x2.gt(high, best)))) {
      offerLane(f64x2.extract_lane(low, 0), feature, load<u16>(values), a, samples);
      offerLane(f64x2.extract_lane(low, 1), feature, load<u16>(values, 2), b, samples);
      offerLane(f64x2.extract_lane(high, 0), feature, load<u16>(values, 4), c, samples);
      offerLane(f64x2.extract_lane(high, 1), feature, load<u16>(values, 6), d, samples);
      best = f64x2.splat(bestScore);
    }
  }
  return count > 1;
}

function offerLane(score: f64, feature: u32, value: u32, left: v128, samples: u32): void {
  const leftSamples = <u32>(<u16>i16x8.extract_lane_u(left, SAMPLE_LANE));
  offerSplit(score, feature, value, leftSamples, samples - leftSamples);
}
