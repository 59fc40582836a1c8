import { TILE, VECTOR } from './tile';
import { Transform } from './transform';

/** Filters of 3×3 to and from the 36 positions: u = G g Gᵀ and ∂g = Gᵀ ∂u G. */

const POSITIONS: usize = 36;
/** Eight units in the last place of the largest term. */
const ROUNDING: f32 = 1.0 / 2097152.0;

/**
 * `filters` are PyTorch's [output][input][3][3]; matrices are [position][input][output], with channels padded by zeros to
 * `paddedInputs` and `paddedOutputs`. One filter at a time; `first` and `last` bound the outputs.
 */
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
        Transform.filter(filter + x * 4, 12, scratch + x * 4, 12);
      }
      const to = matrices + (c * paddedOutputs + o) * 4;
      for (let y: usize = 0; y < 6; y++) {
        Transform.filter(scratch + y * 12, 4, to + y * 6 * matrixBytes, matrixBytes);
      }
    }
  }
}

/**
 * PyTorch's [output][input][3][3] of matrices as {@link transformFilters} writes them, `parts` partial sums of ∂u one after
 * the other. Four outputs are computed at a time, and `first` and `last` bound these fours; the last of `outputs` may be
 * fewer.
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
  const results = scratch + (POSITIONS + 18) * VECTOR;
  for (let four = first; four < last; four++) {
    const o = four * 4;
    const count = min(4, outputs - o);
    for (let c: usize = 0; c < inputs; c++) {
      const from = matrices + (c * paddedOutputs + o) * 4;
      gatherFour(results, VECTOR, from, matrixBytes, parts, POSITIONS * matrixBytes, scratch);
      for (let i: usize = 0; i < 9; i++) {
        for (let lane: usize = 0; lane < count; lane++) {
          const to = gradients + ((o + lane) * inputs + c) * 36 + i * 4;
          store<f32>(to, load<f32>(results + i * VECTOR + lane * 4));
        }
      }
    }
  }
}

/**
 * gradients[3][3][filter] of sums[position][filter], `parts` of them `partBytes` apart; `filters` is how many there are, a
 * multiple of four.
 */
export function gatherHwioFilterGradients(
  gradients: usize,
  sums: usize,
  parts: usize,
  partBytes: usize,
  scratch: usize,
  filters: usize,
): void {
  const filterBytes = filters * 4;
  for (let c: usize = 0; c < filterBytes; c += VECTOR) {
    gatherFour(gradients + c, filterBytes, sums + c, filterBytes, parts, partBytes, scratch);
  }
}

/**
 * The gradients of four filters, `toBytes` apart, of ∂u at positions `matrixBytes` apart. What is no larger than the
 * rounding of the sums it comes from becomes the zero that it mostly is: where ReLU leaves a filter's weight without any
 * gradient, Adam would make a whole step of the rounding.
 */
function gatherFour(
  to: usize,
  toBytes: usize,
  from: usize,
  matrixBytes: usize,
  parts: usize,
  partBytes: usize,
  scratch: usize,
): void {
  const columns = scratch + POSITIONS * VECTOR;
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
  const limit = f32x4.mul(largest, f32x4.splat(ROUNDING));
  for (let x: usize = 0; x < TILE; x++) {
    const at = columns + x * VECTOR;
    Transform.filterGradient(
      scratch + x * VECTOR,
      TILE * VECTOR,
      at,
      TILE * VECTOR,
      f32x4.splat(0),
    );
  }
  for (let y: usize = 0; y < 3; y++) {
    const at = columns + y * TILE * VECTOR;
    Transform.filterGradient(at, VECTOR, to + y * 3 * toBytes, toBytes, limit);
  }
}
