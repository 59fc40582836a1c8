/**
 * sum + a · b of four floats: fused where the CPU has an instruction for that and the engine knows
 * relaxed SIMD (Node.js 22 and later; https://github.com/WebAssembly/relaxed-simd).
 */
export function addProduct(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}
