/**
 * Filters of 3×3 to and from the 36 positions of F(4×4, 3×3), one filter at a time:
 *
 *     u = G g Gᵀ,   ∂g = Gᵀ ∂u G
 *
 * `filters` are PyTorch's [output][input][3][3]; matrices are [position][input][output], with channels
 * padded by zeros to `paddedInputs` and `paddedOutputs`. `first` and `last` bound the outputs.
 */

const POSITIONS: usize = 36;
/** Eight units in the last place of the largest term. */
const ROUNDING: f32 = 1.0 / 2097152.0;
const THIRD: f32 = 1.0 / 3.0;
const SIXTH: f32 = 1.0 / 6.0;
/** a / (2 a² (b² - a²)) and b / (2 b² (b² - a²)), see `winograd.ts`. */
const INNER: f32 = <f32>Math.SQRT1_2 / 1.5;
const OUTER: f32 = <f32>Math.SQRT2 / 6.0;

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

/** `parts` partial sums of ∂u, `partBytes` apart, make one gradient. */
export function gatherFilterGradients(
  gradients: usize,
  matrices: usize,
  scratch: usize,
  first: usize,
  last: usize,
  inputs: usize,
  paddedInputs: usize,
  paddedOutputs: usize,
  parts: usize,
): void {
  const matrixBytes = paddedInputs * paddedOutputs * 4;
  const partBytes = POSITIONS * matrixBytes;
  const columns = scratch + POSITIONS * 4;
  for (let o = first; o < last; o++) {
    for (let c: usize = 0; c < inputs; c++) {
      const from = matrices + (c * paddedOutputs + o) * 4;
      let largest: f32 = 0;
      for (let position: usize = 0; position < POSITIONS; position++) {
        let sum: f32 = 0;
        let at = from + position * matrixBytes;
        for (let part: usize = 0; part < parts; part++) {
          sum += load<f32>(at);
          at += partBytes;
        }
        store<f32>(scratch + position * 4, sum);
        largest = max(largest, abs(sum));
      }
      for (let x: usize = 0; x < 6; x++) {
        gather(scratch + x * 4, 24, columns + x * 4, 24);
      }
      const to = gradients + (o * inputs + c) * 36;
      for (let y: usize = 0; y < 3; y++) {
        gather(columns + y * 24, 4, to + y * 12, 4);
      }
      dropRounding(to, largest * ROUNDING);
    }
  }
}

/**
 * What is no larger than the rounding of the sums it comes from becomes the zero that it mostly is: where
 * ReLU leaves a filter's weight without any gradient, Adam would make a whole step of the rounding.
 */
function dropRounding(filter: usize, limit: f32): void {
  for (const end = filter + 36; filter < end; filter += 4) {
    if (abs(load<f32>(filter)) < limit) store<f32>(filter, 0);
  }
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

/** ∂g = Gᵀ ∂u */
function gather(from: usize, stride: usize, to: usize, toStride: usize): void {
  const u1 = load<f32>(from + stride);
  const u2 = load<f32>(from + 2 * stride);
  const u3 = load<f32>(from + 3 * stride);
  const u4 = load<f32>(from + 4 * stride);
  const inner = u1 + u2;
  const outer = u3 + u4;
  store<f32>(to, load<f32>(from) - inner * <f32>(2.0 / 3.0) + outer * SIXTH);
  store<f32>(to + toStride, (u2 - u1) * INNER + (u3 - u4) * OUTER);
  store<f32>(to + 2 * toStride, (outer - inner) * THIRD + load<f32>(from + 5 * stride));
}
