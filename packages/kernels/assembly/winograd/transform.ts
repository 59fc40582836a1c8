/**
 * The transforms of Winograd's convolution F(4×4, 3×3), each along one axis and on four channels at a
 * time: six or four vectors, `stride` bytes apart, are read at `from` and written at `to`.
 *
 *     y = Aᵀ [(G g) ⊙ (Bᵀ d)],   with the points 0, ±a, ±b and a = √½, b = √2
 *
 * Source: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks", section 4. Their
 * points are 0, ±1, ±2; these lose a third to a fifth of the precision, since no power of them is large.
 * A linear map's gradient is its transpose: ∂m = A ∂y and ∂d = B ∂v.
 */

export const A: f32 = <f32>Math.SQRT1_2;
export const B: f32 = <f32>Math.SQRT2;
export const A2: f32 = 0.5;
export const B2: f32 = 2;
export const A3: f32 = A * A2;
export const B3: f32 = B * B2;
/** a² + b²; a² b² is one. */
const SUM: f32 = 2.5;

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
    const m1 = v128.load(from + stride);
    const m2 = v128.load(from + 2 * stride);
    const m3 = v128.load(from + 3 * stride);
    const m4 = v128.load(from + 4 * stride);
    const inner = f32x4.add(m1, m2);
    const innerOdd = f32x4.sub(m1, m2);
    const outer = f32x4.add(m3, m4);
    const outerOdd = f32x4.sub(m3, m4);
    v128.store(to, f32x4.add(f32x4.add(v128.load(from), inner), outer));
    v128.store(to + toStride, f32x4.add(times(A, innerOdd), times(B, outerOdd)));
    v128.store(to + 2 * toStride, f32x4.add(times(A2, inner), times(B2, outer)));
    const last = f32x4.add(times(B3, outerOdd), v128.load(from + 5 * stride));
    v128.store(to + 3 * toStride, f32x4.add(times(A3, innerOdd), last));
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
}

export function times(factor: f32, vector: v128): v128 {
  return f32x4.mul(f32x4.splat(factor), vector);
}
