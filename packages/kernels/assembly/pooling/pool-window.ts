/** Argmax of a window whose maximum ReLU cut off; else it is the maximum's position, 0 to 3. */
export const CUT_OFF = 4;

/**
 * Maximum of a window's four values, plus bias, through ReLU, for four channels; and with `argmax`
 * other than 0 where it was, one byte each, the first maximum in row order, as PyTorch chooses it. `pmax` is one instruction where `max` is
 * seven; beside a number that is not one, it answers its first operand.
 */
export function poolWindow(
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  bias: v128,
  output: usize,
  argmax: usize,
): void {
  const top = f32x4.pmax(a, b);
  const bottom = f32x4.pmax(c, d);
  const value = f32x4.pmax(f32x4.add(f32x4.pmax(top, bottom), bias), f32x4.splat(0));
  v128.store(output, value);
  if (argmax === 0) return;
  const first = v128.and(f32x4.gt(b, a), i32x4.splat(1));
  const second = v128.bitselect(i32x4.splat(3), i32x4.splat(2), f32x4.gt(d, c));
  const position = v128.bitselect(second, first, f32x4.gt(bottom, top));
  const isActive = f32x4.gt(value, f32x4.splat(0));
  const words = v128.bitselect(position, i32x4.splat(CUT_OFF), isActive);
  const halves = i16x8.narrow_i32x4_s(words, words);
  store<u32>(argmax, i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0));
}

/** Four channels' argmax as whole numbers. */
export function loadArgmax(argmax: usize): v128 {
  const bytes = i32x4.splat(load<u32>(argmax));
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
}
