/** Max-pool 2×2, stride 2, in NHWC order; an odd last row or column is left out. */

/** result[n, y, x, c] = the largest of the window's four inputs. */
export function maxPool(
  result: usize,
  images: usize,
  count: usize,
  height: usize,
  width: usize,
  channels: usize,
): void {
  const pixelBytes = channels * 4;
  const rowBytes = width * pixelBytes;
  for (let n: usize = 0; n < count; n++) {
    for (let y: usize = 0; y + 1 < height; y += 2) {
      for (let x: usize = 0; x + 1 < width; x += 2) {
        poolWindow(result, images + y * rowBytes + x * pixelBytes, rowBytes, pixelBytes);
        result += pixelBytes;
      }
    }
    images += height * rowBytes;
  }
}

function poolWindow(result: usize, window: usize, rowBytes: usize, pixelBytes: usize): void {
  const vectorBytes = pixelBytes & ~15;
  const end = window + pixelBytes;
  for (const vectorEnd = window + vectorBytes; window < vectorEnd; window += 16) {
    const below = window + rowBytes;
    const upper = f32x4.max(v128.load(window), v128.load(window + pixelBytes));
    const lower = f32x4.max(v128.load(below), v128.load(below + pixelBytes));
    v128.store(result, f32x4.max(upper, lower));
    result += 16;
  }
  for (; window < end; window += 4) {
    const below = window + rowBytes;
    const upper = max(load<f32>(window), load<f32>(window + pixelBytes));
    const lower = max(load<f32>(below), load<f32>(below + pixelBytes));
    store<f32>(result, max(upper, lower));
    result += 4;
  }
}

/**
 * Hands each output's gradient to the first input of its window, in row-major order, that equals the
 * output, as PyTorch does; the other inputs' gradients are zero.
 */
export function maxPoolGradient(
  gradient: usize,
  outputGradient: usize,
  images: usize,
  outputs: usize,
  count: usize,
  height: usize,
  width: usize,
  channels: usize,
): void {
  const pixelBytes = channels * 4;
  const rowBytes = width * pixelBytes;
  const imageBytes = height * rowBytes;
  for (let n: usize = 0; n < count; n++) {
    memory.fill(gradient, 0, imageBytes);
    for (let y: usize = 0; y + 1 < height; y += 2) {
      for (let x: usize = 0; x + 1 < width; x += 2) {
        const window = y * rowBytes + x * pixelBytes;
        const to = gradient + window;
        routeWindow(to, outputGradient, images + window, outputs, rowBytes, pixelBytes);
        outputGradient += pixelBytes;
        outputs += pixelBytes;
      }
    }
    gradient += imageBytes;
    images += imageBytes;
  }
}

function routeWindow(
  gradient: usize,
  outputGradient: usize,
  window: usize,
  output: usize,
  rowBytes: usize,
  pixelBytes: usize,
): void {
  const diagonal = rowBytes + pixelBytes;
  const vectorBytes = pixelBytes & ~15;
  let i: usize = 0;
  for (; i < vectorBytes; i += 16) {
    const largest = v128.load(output + i);
    let open = v128.load(outputGradient + i);
    open = takeFour(gradient + i, window + i, open, largest);
    open = takeFour(gradient + i + pixelBytes, window + i + pixelBytes, open, largest);
    open = takeFour(gradient + i + rowBytes, window + i + rowBytes, open, largest);
    takeFour(gradient + i + diagonal, window + i + diagonal, open, largest);
  }
  for (; i < pixelBytes; i += 4) {
    const largest = load<f32>(output + i);
    let at = i;
    if (load<f32>(window + at) !== largest) at = i + pixelBytes;
    if (load<f32>(window + at) !== largest) at = i + rowBytes;
    if (load<f32>(window + at) !== largest) at = i + diagonal;
    store<f32>(gradient + at, load<f32>(outputGradient + i));
  }
}

/** Gives `open` to the inputs that equal `largest`; returns what is still to be given. */
function takeFour(gradient: usize, input: usize, open: v128, largest: v128): v128 {
  const taken = f32x4.eq(v128.load(input), largest);
  v128.store(gradient, v128.and(open, taken));
  return v128.andnot(open, taken);
}
