import { A, A2, A3, B, B2, B3, Transform, times } from './transform';

/*
 * What is to be done around the matrix products of a convolution 3×3 with padding 1, by F(4×4, 3×3). Strips are NHWC, one
 * image high: `tileRows` × `tileColumns` tiles, 4 × 4 pixels each, and one pixel of border where they are read with it.
 * Matrices are [position][tile][channel] of 36 positions, dense. Channels are a multiple of four; sizes of channels, and
 * addresses, are in bytes. `scratch` takes 64 vectors.
 */

const VECTOR: usize = 16;
const TILE: usize = 6;
const OUTPUTS: usize = 4;
const POSITIONS: usize = 36;

/** matrices = Bᵀ d B of each tile d, 6 × 6 pixels of a strip with its border. */
export function transformImages(
  matrices: usize,
  strip: usize,
  scratch: usize,
  tileRows: usize,
  tileColumns: usize,
  pixelBytes: usize,
): void {
  const rowBytes = (tileColumns * OUTPUTS + 2) * pixelBytes;
  const matrixBytes = tileRows * tileColumns * pixelBytes;
  for (let row: usize = 0; row < tileRows; row++) {
    let tile = strip + row * OUTPUTS * rowBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        for (let x: usize = 0; x < TILE; x++) {
          Transform.input(tile + c + x * pixelBytes, rowBytes, scratch + x * VECTOR, TILE * VECTOR);
        }
        for (let y: usize = 0; y < TILE; y++) {
          const to = matrices + c + y * TILE * matrixBytes;
          Transform.input(scratch + y * TILE * VECTOR, VECTOR, to, matrixBytes);
        }
      }
      tile += OUTPUTS * pixelBytes;
      matrices += pixelBytes;
    }
  }
}

/** matrices = A ∂y Aᵀ of each tile ∂y, 4 × 4 pixels of a strip without a border. */
export function transformGradients(
  matrices: usize,
  strip: usize,
  scratch: usize,
  tileRows: usize,
  tileColumns: usize,
  pixelBytes: usize,
): void {
  const rowBytes = tileColumns * OUTPUTS * pixelBytes;
  const matrixBytes = tileRows * tileColumns * pixelBytes;
  for (let row: usize = 0; row < tileRows; row++) {
    let tile = strip + row * OUTPUTS * rowBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        for (let x: usize = 0; x < OUTPUTS; x++) {
          const from = tile + c + x * pixelBytes;
          Transform.outputGradient(from, rowBytes, scratch + x * VECTOR, OUTPUTS * VECTOR);
        }
        for (let y: usize = 0; y < TILE; y++) {
          const to = matrices + c + y * TILE * matrixBytes;
          Transform.outputGradient(scratch + y * OUTPUTS * VECTOR, VECTOR, to, matrixBytes);
        }
      }
      tile += OUTPUTS * pixelBytes;
      matrices += pixelBytes;
    }
  }
}

/** A strip without a border: Aᵀ m A of each tile, plus `bias`, and no less than `least`. */
export function finishImages(
  strip: usize,
  matrices: usize,
  bias: usize,
  least: f32,
  scratch: usize,
  tileRows: usize,
  tileColumns: usize,
  pixelBytes: usize,
): void {
  const rowBytes = tileColumns * OUTPUTS * pixelBytes;
  const matrixBytes = tileRows * tileColumns * pixelBytes;
  const floor = f32x4.splat(least);
  for (let row: usize = 0; row < tileRows; row++) {
    let tile = strip + row * OUTPUTS * rowBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        for (let x: usize = 0; x < TILE; x++) {
          const from = matrices + c + x * matrixBytes;
          Transform.output(from, TILE * matrixBytes, scratch + x * VECTOR, TILE * VECTOR);
        }
        const channelBias = v128.load(bias + c);
        for (let y: usize = 0; y < OUTPUTS; y++) {
          Finish.row(
            scratch + y * TILE * VECTOR,
            tile + c + y * rowBytes,
            pixelBytes,
            channelBias,
            floor,
          );
        }
      }
      tile += OUTPUTS * pixelBytes;
      matrices += pixelBytes;
    }
  }
}

// biome-ignore lint/complexity/noStaticOnlyClass: TypeScript's syntax has no decorators of functions.
class Finish {
  /** {@link Transform.output} along a row, with what comes after it. */
  @inline
  static row(from: usize, to: usize, pixelBytes: usize, bias: v128, floor: v128): void {
    const m1 = v128.load(from, VECTOR);
    const m2 = v128.load(from, 2 * VECTOR);
    const m3 = v128.load(from, 3 * VECTOR);
    const m4 = v128.load(from, 4 * VECTOR);
    const inner = f32x4.add(m1, m2);
    const innerOdd = f32x4.sub(m1, m2);
    const outer = f32x4.add(m3, m4);
    const outerOdd = f32x4.sub(m3, m4);
    const y0 = f32x4.add(f32x4.add(v128.load(from), inner), outer);
    const y1 = f32x4.add(times(A, innerOdd), times(B, outerOdd));
    const y2 = f32x4.add(times(A2, inner), times(B2, outer));
    const last = f32x4.add(times(B3, outerOdd), v128.load(from, 5 * VECTOR));
    const y3 = f32x4.add(times(A3, innerOdd), last);
    v128.store(to, f32x4.pmax(f32x4.add(y0, bias), floor));
    v128.store(to + pixelBytes, f32x4.pmax(f32x4.add(y1, bias), floor));
    v128.store(to + 2 * pixelBytes, f32x4.pmax(f32x4.add(y2, bias), floor));
    v128.store(to + 3 * pixelBytes, f32x4.pmax(f32x4.add(y3, bias), floor));
  }
}

/**
 * A strip of the maxima of 2 × 2 pixels each: of Aᵀ m A of each tile, plus `bias`, and no less than `least`; half as high
 * and half as wide.
 */
export function poolImages(
  strip: usize,
  matrices: usize,
  bias: usize,
  least: f32,
  scratch: usize,
  tileRows: usize,
  tileColumns: usize,
  pixelBytes: usize,
): void {
  const rowBytes = tileColumns * 2 * pixelBytes;
  const matrixBytes = tileRows * tileColumns * pixelBytes;
  const floor = f32x4.splat(least);
  const rows = scratch + OUTPUTS * TILE * VECTOR;
  for (let row: usize = 0; row < tileRows; row++) {
    let tile = strip + row * 2 * rowBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        for (let x: usize = 0; x < TILE; x++) {
          const from = matrices + c + x * matrixBytes;
          Transform.output(from, TILE * matrixBytes, scratch + x * VECTOR, TILE * VECTOR);
        }
        for (let y: usize = 0; y < OUTPUTS; y++) {
          const from = scratch + y * TILE * VECTOR;
          Transform.output(from, VECTOR, rows + y * OUTPUTS * VECTOR, VECTOR);
        }
        const channelBias = v128.load(bias + c);
        for (let window: usize = 0; window < OUTPUTS; window++) {
          const at = rows + ((window >> 1) * 2 * OUTPUTS + (window & 1) * 2) * VECTOR;
          const upper = f32x4.max(v128.load(at), v128.load(at, VECTOR));
          const lower = f32x4.max(
            v128.load(at, OUTPUTS * VECTOR),
            v128.load(at, (OUTPUTS + 1) * VECTOR),
          );
          const sum = f32x4.add(f32x4.max(upper, lower), channelBias);
          const to = tile + c + (window >> 1) * rowBytes + (window & 1) * pixelBytes;
          v128.store(to, f32x4.pmax(sum, floor));
        }
      }
      tile += 2 * pixelBytes;
      matrices += pixelBytes;
    }
  }
}

/** a / (2 a² (b² - a²)) and b / (2 b² (b² - a²)), see `transform.ts`. */
const INNER: f32 = <f32>Math.SQRT1_2 / 1.5;
const OUTER: f32 = <f32>Math.SQRT2 / 6.0;
/** Eight units in the last place of the largest term. */
const ROUNDING: f32 = 1.0 / 2097152.0;

/**
 * gradients[3][3][filters] = Gᵀ ∂u G, where ∂u[36][filters] is the sum of `parts` of them, `partBytes` apart. What is no
 * larger than the rounding of the sums that it comes from becomes the zero that it mostly is: where a rectifier leaves a
 * filter's weight without any gradient, Adam would make a whole step of the rounding.
 */
export function gatherHwioFilterGradients(
  gradients: usize,
  sums: usize,
  parts: usize,
  partBytes: usize,
  scratch: usize,
  filterBytes: usize,
): void {
  const columns = scratch + POSITIONS * VECTOR;
  for (let c: usize = 0; c < filterBytes; c += VECTOR) {
    let largest = f32x4.splat(0);
    for (let position: usize = 0; position < POSITIONS; position++) {
      let at = sums + c + position * filterBytes;
      let sum = v128.load(at);
      for (let part: usize = 1; part < parts; part++) {
        at += partBytes;
        sum = f32x4.add(sum, v128.load(at));
      }
      v128.store(scratch + position * VECTOR, sum);
      largest = f32x4.max(largest, f32x4.abs(sum));
    }
    const limit = f32x4.mul(largest, f32x4.splat(ROUNDING));
    for (let x: usize = 0; x < TILE; x++) {
      gather(
        scratch + x * VECTOR,
        TILE * VECTOR,
        columns + x * VECTOR,
        TILE * VECTOR,
        f32x4.splat(0),
      );
    }
    for (let y: usize = 0; y < 3; y++) {
      gather(
        columns + y * TILE * VECTOR,
        VECTOR,
        gradients + c + y * 3 * filterBytes,
        filterBytes,
        limit,
      );
    }
  }
}

/** ∂g = Gᵀ ∂u, and zero for what is smaller than `limit`. */
function gather(from: usize, stride: usize, to: usize, toStride: usize, limit: v128): void {
  const u1 = v128.load(from + stride);
  const u2 = v128.load(from + 2 * stride);
  const u3 = v128.load(from + 3 * stride);
  const u4 = v128.load(from + 4 * stride);
  const inner = f32x4.add(u1, u2);
  const outer = f32x4.add(u3, u4);
  const twoThirds = f32x4.mul(inner, f32x4.splat(<f32>(2.0 / 3.0)));
  const sixth = f32x4.mul(outer, f32x4.splat(<f32>(1.0 / 6.0)));
  const first = f32x4.add(f32x4.sub(v128.load(from), twoThirds), sixth);
  const innerOdd = f32x4.mul(f32x4.sub(u2, u1), f32x4.splat(INNER));
  const second = f32x4.add(innerOdd, f32x4.mul(f32x4.sub(u3, u4), f32x4.splat(OUTER)));
  const third = f32x4.mul(f32x4.sub(outer, inner), f32x4.splat(<f32>(1.0 / 3.0)));
  storeAbove(to, first, limit);
  storeAbove(to + toStride, second, limit);
  storeAbove(to + 2 * toStride, f32x4.add(third, v128.load(from + 5 * stride)), limit);
}

function storeAbove(to: usize, values: v128, limit: v128): void {
  v128.store(to, v128.andnot(values, f32x4.lt(f32x4.abs(values), limit)));
}
