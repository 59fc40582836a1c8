/**
 * Filters of 3×3 to and from the 36 positions of F(4×4, 3×3):
 *
 *     u = G g Gᵀ,   ∂g = Gᵀ ∂u G
 *
 * `filters` are PyTorch's [output][input][3][3]; matrices are [position][input][output], with channels
 * padded by zeros to `paddedInputs` and `paddedOutputs`.
 */

const POSITIONS: usize = 36;
const VECTOR: usize = 16;
/** Eight units in the last place of the largest term. */
const ROUNDING: f32 = 1.0 / 2097152.0;
const THIRD: f32 = 1.0 / 3.0;
const SIXTH: f32 = 1.0 / 6.0;
/** a / (2 a² (b² - a²)) and b / (2 b² (b² - a²)), see `transform.ts`. */
const INNER: f32 = <f32>Math.SQRT1_2 / 1.5;
const OUTER: f32 = <f32>Math.SQRT2 / 6.0;

/** One filter at a time; `first` and `last` bound the outputs. */
export function transformFilters(
  matrices: usize,
  filters: usize,
  scratch: usize,
  first: usize,
  last: usize,
  inputs: usize,
  paddedInputs: usize,
  paddedOutputs: usize,
): void {
  const matrixBytes = paddedInputs * paddedOutputs * 4;
  for (let o = first; o < last; o++) {
    for (let c: usize = 0; c < inputs; c++) {
      const filter = filters + (o * inputs + c) * 36;
      for (let x: usize = 0; x < 3; x++) {
        spread(filter + x * 4, 12, scratch + x * 4, 12);
      }
      const to = matrices + (c * paddedOutputs + o) * 4;
      for (let y: usize = 0; y < 6; y++) {
        spread(scratch + y * 12, 4, to + y * 6 * matrixBytes, matrixBytes);
      }
    }
  }
}

/**
 * `parts` partial sums of ∂u, `partBytes` apart, make one gradient. Four outputs are computed at a time, and `first` and
 * `last` bound these fours; the last of `outputs` may be fewer.
 */
export function gatherFilterGradients(
  gradients: usize,
  matrices: usize,
  scratch: usize,
  first: usize,
  last: usize,
  inputs: usize,
  outputs: usize,
  paddedInputs: usize,
  paddedOutputs: usize,
  parts: usize,
): void {
  const matrixBytes = paddedInputs * paddedOutputs * 4;
  const partBytes = POSITIONS * matrixBytes;
  const columns = scratch + POSITIONS * VECTOR;
  const results = columns + 18 * VECTOR;
  for (let four = first; four < last; four++) {
    const o = four * 4;
    const count = min(4, outputs - o);
    for (let c: usize = 0; c < inputs; c++) {
      let from = matrices + (c * paddedOutputs + o) * 4;
      let largest = f32x4.splat(0);
      for (let position: usize = 0; position < POSITIONS; position++) {
        let sum = v128.load(from);
        for (let part: usize = 1; part < parts; part++) {
          sum = f32x4.add(sum, v128.load(from + part * partBytes));
        }
        v128.store(scratch + position * VECTOR, sum);
        largest = f32x4.pmax(largest, f32x4.abs(sum));
        from += matrixBytes;
      }
      for (let x: usize = 0; x < 6; x++) {
        gather(scratch + x * VECTOR, 6 * VECTOR, columns + x * VECTOR, 6 * VECTOR);
      }
      for (let y: usize = 0; y < 3; y++) {
        gather(columns + y * 6 * VECTOR, VECTOR, results + y * 3 * VECTOR, VECTOR);
      }
      const limit = f32x4.mul(largest, f32x4.splat(ROUNDING));
      for (let i: usize = 0; i < 9; i++) {
        const at = results + i * VECTOR;
        v128.store(at, dropRounding(v128.load(at), limit));
        for (let lane: usize = 0; lane < count; lane++) {
          const to = gradients + ((o + lane) * inputs + c) * 36 + i * 4;
          store<f32>(to, load<f32>(at + lane * 4));
        }
      }
    }
  }
}

/**
 * What is no larger than the rounding of the sums it comes from becomes the zero that it mostly is: where
 * ReLU leaves a filter's weight without any gradient, Adam would make a whole step of the rounding.
 */
function dropRounding(gradients: v128, limit: v128): v128 {
  return v128.andnot(gradients, f32x4.lt(f32x4.abs(gradients), limit));
}

/** u = G g */
function spread(from: usize, stride: usize, to: usize, toStride: usize): void {
  const g0 = load<f32>(from);
  const g1 = load<f32>(from + stride);
  const g2 = load<f32>(from + 2 * stride);
  const inner = -(g0 * <f32>(2.0 / 3.0) + g2 * THIRD);
  const innerOdd = -(g1 * INNER);
  const outer = g0 * SIXTH + g2 * THIRD;
  const outerOdd = g1 * OUTER;
  store<f32>(to, g0);
  store<f32>(to + toStride, inner + innerOdd);
  store<f32>(to + 2 * toStride, inner - innerOdd);
  store<f32>(to + 3 * toStride, outer + outerOdd);
  store<f32>(to + 4 * toStride, outer - outerOdd);
  store<f32>(to + 5 * toStride, g2);
}

/** ∂g = Gᵀ ∂u, of four outputs */
function gather(from: usize, stride: usize, to: usize, toStride: usize): void {
  const u0 = v128.load(from);
  const u1 = v128.load(from + stride);
  const u2 = v128.load(from + 2 * stride);
  const u3 = v128.load(from + 3 * stride);
  const u4 = v128.load(from + 4 * stride);
  const u5 = v128.load(from + 5 * stride);
  const inner = f32x4.add(u1, u2);
  const outer = f32x4.add(u3, u4);
  const low = f32x4.sub(u0, times(<f32>(2.0 / 3.0), inner));
  v128.store(to, f32x4.add(low, times(SIXTH, outer)));
  const odd = times(INNER, f32x4.sub(u2, u1));
  v128.store(to + toStride, f32x4.add(odd, times(OUTER, f32x4.sub(u3, u4))));
  v128.store(to + 2 * toStride, f32x4.add(times(THIRD, f32x4.sub(outer, inner)), u5));
}

function times(factor: f32, vector: v128): v128 {
  return f32x4.mul(f32x4.splat(factor), vector);
}
