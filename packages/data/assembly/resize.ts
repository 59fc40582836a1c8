/*
 * Weighted sums of RGB bytes, along rows and along columns, in fixed point: see src/images/resize-image.ts for
 * what the weights are. A resized pixel has `count` neighbours from `first` on; its weights stand in a row of `most`.
 */

const CHANNELS: usize = 3;
const PRECISION_BITS: i32 = 22;
const HALF: i32 = 1 << (PRECISION_BITS - 1);

/** Each of `height` rows from `before` to `width` pixels. Reads one byte behind the last row. */
export function resizeRows(
  from: usize,
  to: usize,
  height: usize,
  before: usize,
  width: usize,
  first: usize,
  count: usize,
  weights: usize,
  most: usize,
): void {
  for (let row: usize = 0; row < height; row++) {
    const start = from + row * before * CHANNELS;
    for (let column: usize = 0; column < width; column++) {
      let pixel = start + <usize>load<u32>(first + (column << 2)) * CHANNELS;
      let weight = weights + ((column * most) << 2);
      const end = weight + ((<usize>load<u32>(count + (column << 2))) << 2);
      let sums = i32x4.splat(HALF);
      for (; weight < end; weight += 4, pixel += CHANNELS) {
        const bytes = v128.load32_zero(pixel);
        const channels = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
        sums = i32x4.add(sums, i32x4.mul(channels, v128.load32_splat(weight)));
      }
      // Filters with negative weights overshoot.
      const wide = i32x4.shr_s(sums, PRECISION_BITS);
      const rounded = i32x4.min_s(i32x4.max_s(wide, i32x4.splat(0)), i32x4.splat(255));
      store<u8>(to, i32x4.extract_lane(rounded, 0));
      store<u8>(to, i32x4.extract_lane(rounded, 1), 1);
      store<u8>(to, i32x4.extract_lane(rounded, 2), 2);
      to += CHANNELS;
    }
  }
}

/** The rows of an image, of `rowBytes` each, to `height` of them. */
export function resizeColumns(
  from: usize,
  to: usize,
  rowBytes: usize,
  height: usize,
  first: usize,
  count: usize,
  weights: usize,
  most: usize,
): void {
  for (let row: usize = 0; row < height; row++) {
    const start = from + <usize>load<u32>(first + (row << 2)) * rowBytes;
    const weight = weights + ((row * most) << 2);
    const taps = <usize>load<u32>(count + (row << 2));
    let at: usize = 0;
    for (; at + 16 <= rowBytes; at += 16) {
      v128.store(to + at, sumOfSixteen(start + at, rowBytes, weight, taps));
    }
    for (; at < rowBytes; at++) {
      store<u8>(to + at, sumOfOne(start + at, rowBytes, weight, taps));
    }
    to += rowBytes;
  }
}

function sumOfSixteen(byte: usize, rowBytes: usize, weight: usize, taps: usize): v128 {
  let sums0 = i32x4.splat(HALF);
  let sums1 = sums0;
  let sums2 = sums0;
  let sums3 = sums0;
  for (const end = weight + (taps << 2); weight < end; weight += 4, byte += rowBytes) {
    const factor = v128.load32_splat(weight);
    const bytes = v128.load(byte);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    sums0 = i32x4.add(sums0, i32x4.mul(i32x4.extend_low_i16x8_u(low), factor));
    sums1 = i32x4.add(sums1, i32x4.mul(i32x4.extend_high_i16x8_u(low), factor));
    sums2 = i32x4.add(sums2, i32x4.mul(i32x4.extend_low_i16x8_u(high), factor));
    sums3 = i32x4.add(sums3, i32x4.mul(i32x4.extend_high_i16x8_u(high), factor));
  }
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_u(i32x4.shr_s(sums0, PRECISION_BITS), i32x4.shr_s(sums1, PRECISION_BITS)),
    i16x8.narrow_i32x4_u(i32x4.shr_s(sums2, PRECISION_BITS), i32x4.shr_s(sums3, PRECISION_BITS)),
  );
}

function sumOfOne(byte: usize, rowBytes: usize, weight: usize, taps: usize): i32 {
  let sum = HALF;
  for (const end = weight + (taps << 2); weight < end; weight += 4, byte += rowBytes) {
    sum += <i32>load<u8>(byte) * load<i32>(weight);
  }
  return min(max(sum >> PRECISION_BITS, 0), 255);
}
