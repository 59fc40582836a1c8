/**
 * The transforms of Winograd's convolution F(4×4, 3×3), each along one axis and on four channels at a
 * time: six, four or three vectors, `stride` bytes apart, are read at `from` and written at `to`.
 *
 *     y = Aᵀ [(G g) ⊙ (Bᵀ d)],   with the points 0, ±a, ±b and a = √½, b = √2
 *
 * Source: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", section 4. Their
 * points are 0, ±1, ±2; these lose a third to a fifth of the precision, since no power of them is large.
 * A linear map's gradient is its transpose: ∂m = A ∂y, ∂d = B ∂v and ∂g = Gᵀ ∂u.
 */

const A: f32 = <f32>Math.SQRT1_2;
const B: f32 = <f32>Math.SQRT2;
const A2: f32 = 0.5;
const B2: f32 = 2;
const A3: f32 = A * A2;
const B3: f32 = B * B2;
/** a² + b²; a² b² is one. */
const SUM: f32 = 2.5;
/** The values of G: a / (2 a² (b² - a²)), b / (2 b² (b² - a²)), and the rest. */
const INNER: f32 = <f32>Math.SQRT1_2 / 1.5;
const OUTER: f32 = <f32>Math.SQRT2 / 6.0;
const TWO_THIRDS: f32 = 2.0 / 3.0;
const THIRD: f32 = 1.0 / 3.0;
const SIXTH: f32 = 1.0 / 6.0;

/**
 * The transforms as methods, which the compiler can be told to inline: a call for every vector costs as much as the
 * transform.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: TypeScript's syntax has no decorators of functions.
export class Transform {
  /** v = Bᵀ d */
  @inline
  static input(from: usize, stride: usize, to: usize, toStride: usize): void {
    const d0 = v128.load(from);
    const d1 = v128.load(from + stride);
    const d2 = v128.load(from + 2 * stride);
    const d3 = v128.load(from + 3 * stride);
    const d4 = v128.load(from + 4 * stride);
    const d5 = v128.load(from + 5 * stride);
    const even = f32x4.sub(d4, times(B2, d2));
    const odd = times(A, f32x4.sub(d3, times(B2, d1)));
    const evenOuter = f32x4.sub(d4, times(A2, d2));
    const oddOuter = times(B, f32x4.sub(d3, times(A2, d1)));
    v128.store(to, f32x4.add(f32x4.sub(d0, times(SUM, d2)), d4));
    v128.store(to + toStride, f32x4.add(even, odd));
    v128.store(to + 2 * toStride, f32x4.sub(even, odd));
    v128.store(to + 3 * toStride, f32x4.add(evenOuter, oddOuter));
    v128.store(to + 4 * toStride, f32x4.sub(evenOuter, oddOuter));
    v128.store(to + 5 * toStride, f32x4.add(f32x4.sub(d1, times(SUM, d3)), d5));
  }

  /** y = Aᵀ m */
  @inline
  static output(from: usize, stride: usize, to: usize, toStride: usize): void {
    const nothing = f32x4.splat(0);
    Transform.finishedOutput(from, stride, to, toStride, false, nothing, nothing);
  }

  /** y = Aᵀ m; if `finished`, plus `bias` and no less than `least`. */
  @inline
  static finishedOutput(
    from: usize,
    stride: usize,
    to: usize,
    toStride: usize,
    finished: bool,
    bias: v128,
    least: v128,
  ): void {
    const m1 = v128.load(from + stride);
    const m2 = v128.load(from + 2 * stride);
    const m3 = v128.load(from + 3 * stride);
    const m4 = v128.load(from + 4 * stride);
    const inner = f32x4.add(m1, m2);
    const innerOdd = f32x4.sub(m1, m2);
    const outer = f32x4.add(m3, m4);
    const outerOdd = f32x4.sub(m3, m4);
    let y0 = f32x4.add(f32x4.add(v128.load(from), inner), outer);
    let y1 = f32x4.add(times(A, innerOdd), times(B, outerOdd));
    let y2 = f32x4.add(times(A2, inner), times(B2, outer));
    const last = f32x4.add(times(B3, outerOdd), v128.load(from + 5 * stride));
    let y3 = f32x4.add(times(A3, innerOdd), last);
    if (finished) {
      y0 = f32x4.pmax(f32x4.add(y0, bias), least);
      y1 = f32x4.pmax(f32x4.add(y1, bias), least);
      y2 = f32x4.pmax(f32x4.add(y2, bias), least);
      y3 = f32x4.pmax(f32x4.add(y3, bias), least);
    }
    v128.store(to, y0);
    v128.store(to + toStride, y1);
    v128.store(to + 2 * toStride, y2);
    v128.store(to + 3 * toStride, y3);
  }

  /** ∂m = A ∂y */
  @inline
  static outputGradient(from: usize, stride: usize, to: usize, toStride: usize): void {
    const y0 = v128.load(from);
    const y1 = v128.load(from + stride);
    const y2 = v128.load(from + 2 * stride);
    const y3 = v128.load(from + 3 * stride);
    const even = f32x4.add(y0, times(A2, y2));
    const odd = f32x4.add(times(A, y1), times(A3, y3));
    const evenOuter = f32x4.add(y0, times(B2, y2));
    const oddOuter = f32x4.add(times(B, y1), times(B3, y3));
    v128.store(to, y0);
    v128.store(to + toStride, f32x4.add(even, odd));
    v128.store(to + 2 * toStride, f32x4.sub(even, odd));
    v128.store(to + 3 * toStride, f32x4.add(evenOuter, oddOuter));
    v128.store(to + 4 * toStride, f32x4.sub(evenOuter, oddOuter));
    v128.store(to + 5 * toStride, y3);
  }

  /** ∂d = B ∂v */
  @inline
  static inputGradient(from: usize, stride: usize, to: usize, toStride: usize): void {
    const v0 = v128.load(from);
    const v1 = v128.load(from + stride);
    const v2 = v128.load(from + 2 * stride);
    const v3 = v128.load(from + 3 * stride);
    const v4 = v128.load(from + 4 * stride);
    const v5 = v128.load(from + 5 * stride);
    const inner = f32x4.add(v1, v2);
    const innerOdd = f32x4.sub(v1, v2);
    const outer = f32x4.add(v3, v4);
    const outerOdd = f32x4.sub(v3, v4);
    v128.store(to, v0);
    v128.store(to + toStride, f32x4.sub(f32x4.sub(v5, times(B, innerOdd)), times(A, outerOdd)));
    const low = f32x4.add(f32x4.add(times(SUM, v0), times(B2, inner)), times(A2, outer));
    v128.store(to + 2 * toStride, f32x4.neg(low));
    v128.store(
      to + 3 * toStride,
      f32x4.sub(f32x4.add(times(A, innerOdd), times(B, outerOdd)), times(SUM, v5)),
    );
    v128.store(to + 4 * toStride, f32x4.add(f32x4.add(v0, inner), outer));
    v128.store(to + 5 * toStride, v5);
  }

  /** u = G g, of one filter: here `stride` is that of single floats. */
  @inline
  static filter(from: usize, stride: usize, to: usize, toStride: usize): void {
    const g0 = load<f32>(from);
    const g1 = load<f32>(from + stride);
    const g2 = load<f32>(from + 2 * stride);
    const inner = -(g0 * TWO_THIRDS + g2 * THIRD);
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

  /** ∂g = Gᵀ ∂u, and zero for what is smaller than `limit`. */
  @inline
  static filterGradient(from: usize, stride: usize, to: usize, toStride: usize, limit: v128): void {
    const u1 = v128.load(from + stride);
    const u2 = v128.load(from + 2 * stride);
    const u3 = v128.load(from + 3 * stride);
    const u4 = v128.load(from + 4 * stride);
    const inner = f32x4.add(u1, u2);
    const outer = f32x4.add(u3, u4);
    const low = f32x4.sub(v128.load(from), times(TWO_THIRDS, inner));
    const odd = times(INNER, f32x4.sub(u2, u1));
    const high = times(THIRD, f32x4.sub(outer, inner));
    storeAbove(to, f32x4.add(low, times(SIXTH, outer)), limit);
    storeAbove(to + toStride, f32x4.add(odd, times(OUTER, f32x4.sub(u3, u4))), limit);
    storeAbove(to + 2 * toStride, f32x4.add(high, v128.load(from + 5 * stride)), limit);
  }
}

function times(factor: f32, vector: v128): v128 {
  return f32x4.mul(f32x4.splat(factor), vector);
}

function storeAbove(to: usize, values: v128, limit: v128): void {
  v128.store(to, v128.andnot(values, f32x4.lt(f32x4.abs(values), limit)));
}
