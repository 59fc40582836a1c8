import { nodeSquares, nodeWeight } from './node-classes';
import { bestScore, offerSplit } from './split';
import { fillHistogram, listValues, SAMPLE_LANE, takeBin, totals } from './vector-histogram';
import { occurringValues } from './workspace';

/**
 * Offers every split of the node by `feature`. One vector addition moves a pixel value's samples
 * from right to left, and four values are scored at a time.
 *
 * @returns whether the samples differ in it
 */
export function sweepVectors(feature: u32, start: u32, end: u32): bool {
  const count = listValues(fillHistogram(feature, start, end));
  scoreValues(feature, count, end - start);
  return count > 1;
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

/** Offers the split after each of the first `count` values that occur. */
function scoreValues(feature: u32, count: u32, samples: u32): void {
  const ones = i16x8(1, 1, 1, 1, 1, 1, 1, 0);
  const classes = i16x8(-1, -1, -1, -1, -1, -1, -1, 0);
  const squares = i32x4.splat(<i32>nodeSquares);
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
}

function offerLane(score: f64, feature: u32, value: u32, left: v128, samples: u32): void {
  const leftSamples = <u32>(<u16>i16x8.extract_lane_u(left, SAMPLE_LANE));
  offerSplit(score, feature, value, leftSamples, samples - leftSamples);
}
