import { CUT_OFF, poolWindow } from '../pooling/pool-window';

/*
 * The first block: convolution 3×3 with padding 1 of few channels, bias, ReLU and max-pool 2×2. Each
 * output's 3×3 input pixels are written out as a row ("im2col"), the four outputs of a pooling window one
 * after the other, so that one matrix product brings a window's values together.
 */

const COLORS: usize = 3;
/** Floats of three neighbouring pixels. */
const SEGMENT: usize = 9;
/** Floats of a row: 3 · 9, and a zero to fill a vector. */
const ROW_BYTES: usize = 28 * 4;

/**
 * Bytes to normalised floats, `table` holding 256 values for each of the three colours, inside a border
 * of one pixel. `first` and `last` bound the rows of all images; rows from `usedHeight` on are left out.
 */
export function normalizePixels(
  images: usize,
  pixels: usize,
  table: usize,
  first: usize,
  last: usize,
  height: usize,
  width: usize,
  usedHeight: usize,
  usedWidth: usize,
  paddedHeight: usize,
  paddedWidth: usize,
): void {
  for (let row = first; row < last; row++) {
    const n = row / height;
    const y = row - n * height;
    if (y >= usedHeight) continue;
    let from = pixels + row * width * COLORS;
    const start = (n * paddedHeight + y + 1) * paddedWidth + 1;
    let to = images + start * COLORS * 4;
    for (const end = from + usedWidth * COLORS; from < end; from += COLORS) {
      store<f32>(to, load<f32>(table + ((<usize>load<u8>(from)) << 2)));
      store<f32>(to + 4, load<f32>(table + 1024 + ((<usize>load<u8>(from + 1)) << 2)));
      store<f32>(to + 8, load<f32>(table + 2048 + ((<usize>load<u8>(from + 2)) << 2)));
      to += COLORS * 4;
    }
  }
}

/** rows[window][position] = the 3×3 pixels around each position; `first` and `last` bound window rows. */
export function im2col(
  rows: usize,
  images: usize,
  first: usize,
  last: usize,
  windowRows: usize,
  windowColumns: usize,
): void {
  const pixelBytes = COLORS * 4;
  const lineBytes = (windowColumns * 2 + 2) * pixelBytes;
  const imageBytes = (windowRows * 2 + 2) * lineBytes;
  let to = rows + first * windowColumns * 4 * ROW_BYTES;
  for (let row = first; row < last; row++) {
    const n = row / windowRows;
    let from = images + n * imageBytes + (row - n * windowRows) * 2 * lineBytes;
    for (let column: usize = 0; column < windowColumns; column++) {
      copyPatch(to, from, lineBytes);
      copyPatch(to + ROW_BYTES, from + pixelBytes, lineBytes);
      copyPatch(to + 2 * ROW_BYTES, from + lineBytes, lineBytes);
      copyPatch(to + 3 * ROW_BYTES, from + lineBytes + pixelBytes, lineBytes);
      to += 4 * ROW_BYTES;
      from += 2 * pixelBytes;
    }
  }
}

function copyPatch(to: usize, from: usize, lineBytes: usize): void {
  for (let p: usize = 0; p < 3; p++) {
    v128.store(to, v128.load(from));
    v128.store(to + 16, v128.load(from + 16));
    store<f32>(to + 32, load<f32>(from + 32));
    to += SEGMENT * 4;
    from += lineBytes;
  }
  store<f32>(to, 0);
}

/** Pools products[window][position][c] to images with a border; `first` and `last` bound window rows. */
export function poolProducts(
  images: usize,
  argmax: usize,
  products: usize,
  bias: usize,
  first: usize,
  last: usize,
  windowRows: usize,
  windowColumns: usize,
  channels: usize,
  imageBytes: usize,
  rowBytes: usize,
): void {
  const pixelBytes = channels * 4;
  let from = products + first * windowColumns * 4 * pixelBytes;
  for (let row = first; row < last; row++) {
    const n = row / windowRows;
    let to = images + n * imageBytes + (row - n * windowRows) * rowBytes;
    let windowArgmax = argmax === 0 ? <usize>0 : argmax + row * windowColumns * channels;
    for (let column: usize = 0; column < windowColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += 16) {
        const at = from + c;
        poolWindow(
          v128.load(at),
          v128.load(at + pixelBytes),
          v128.load(at + 2 * pixelBytes),
          v128.load(at + 3 * pixelBytes),
          v128.load(bias + c),
          to + c,
          argmax === 0 ? <usize>0 : windowArgmax + c / 4,
        );
      }
      from += 4 * pixelBytes;
      to += pixelBytes;
      windowArgmax += channels;
    }
  }
}

/**
 * Adds each window's gradient times the pixels around its maximum to sums[channel][3][12] (of the
 * twelve floats of a line nine count), and to `biasGradient`. Of four positions only one has a
 * gradient, so this is a quarter of the work of the full product.
 */
export function addPixelFilterGradients(
  sums: usize,
  biasGradient: usize,
  gradients: usize,
  argmax: usize,
  images: usize,
  first: usize,
  last: usize,
  windowRows: usize,
  windowColumns: usize,
  channels: usize,
  imageBytes: usize,
  rowBytes: usize,
): void {
  const pixelBytes = COLORS * 4;
  const lineBytes = (windowColumns * 2 + 2) * pixelBytes;
  const sourceBytes = (windowRows * 2 + 2) * lineBytes;
  for (let row = first; row < last; row++) {
    const n = row / windowRows;
    const y = row - n * windowRows;
    const gradient = gradients + n * imageBytes + y * rowBytes;
    const rowArgmax = argmax + row * windowColumns * channels;
    const window = images + n * sourceBytes + y * 2 * lineBytes;
    for (let c: usize = 0; c < channels; c++) {
      addChannelGradients(
        sums + c * 144,
        biasGradient + c * 4,
        gradient + c * 4,
        rowArgmax + c,
        window,
        windowColumns,
        channels,
        lineBytes,
      );
    }
  }
}

/** One channel of a row of windows: its filter's sums stay in registers. */
function addChannelGradients(
  sum: usize,
  bias: usize,
  gradient: usize,
  argmax: usize,
  window: usize,
  windowColumns: usize,
  channels: usize,
  lineBytes: usize,
): void {
  const pixelBytes = COLORS * 4;
  let total: f32 = 0;
  let a = v128.load(sum);
  let b = v128.load(sum + 16);
  let c = v128.load(sum + 32);
  let d = v128.load(sum + 48);
  let e = v128.load(sum + 64);
  let f = v128.load(sum + 80);
  let g = v128.load(sum + 96);
  let h = v128.load(sum + 112);
  let i = v128.load(sum + 128);
  for (let column: usize = 0; column < windowColumns; column++) {
    const position = <usize>load<u8>(argmax);
    if (position !== CUT_OFF) {
      const value = load<f32>(gradient);
      total += value;
      const factor = f32x4.splat(value);
      const top = window + (position >> 1) * lineBytes + (position & 1) * pixelBytes;
      const middle = top + lineBytes;
      const bottom = middle + lineBytes;
      a = f32x4.add(a, f32x4.mul(factor, v128.load(top)));
      b = f32x4.add(b, f32x4.mul(factor, v128.load(top + 16)));
      c = f32x4.add(c, f32x4.mul(factor, v128.load(top + 32)));
      d = f32x4.add(d, f32x4.mul(factor, v128.load(middle)));
      e = f32x4.add(e, f32x4.mul(factor, v128.load(middle + 16)));
      f = f32x4.add(f, f32x4.mul(factor, v128.load(middle + 32)));
      g = f32x4.add(g, f32x4.mul(factor, v128.load(bottom)));
      h = f32x4.add(h, f32x4.mul(factor, v128.load(bottom + 16)));
      i = f32x4.add(i, f32x4.mul(factor, v128.load(bottom + 32)));
    }
    argmax += channels;
    gradient += channels * 4;
    window += 2 * pixelBytes;
  }
  store<f32>(bias, load<f32>(bias) + total);
  v128.store(sum, a);
  v128.store(sum + 16, b);
  v128.store(sum + 32, c);
  v128.store(sum + 48, d);
  v128.store(sum + 64, e);
  v128.store(sum + 80, f);
  v128.store(sum + 96, g);
  v128.store(sum + 112, h);
  v128.store(sum + 128, i);
}
