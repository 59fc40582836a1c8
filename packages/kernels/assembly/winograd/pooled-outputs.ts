import { loadArgmax, poolWindow } from '../pooling/pool-window';
import { OUTPUTS, Tile, VECTOR } from './tile';

/*
 * The outputs of a convolution as `inputs.ts` cuts it up, through bias, ReLU and max-pool 2×2: of each tile 2×2 windows.
 * `height` and `width` are the pooled images', `imageBytes` and `rowBytes` those of the memory that they lie in; `argmax`
 * is a byte for each window and channel, see `pool-window.ts`. `first` and `last` bound the rows of tiles, counted through
 * all images. `scratch` takes 64 vectors.
 */

/** From the products to pooled images, and with `argmax` other than 0 to where each window's maximum was. */
export function poolOutputs(
  images: usize,
  argmax: usize,
  matrices: usize,
  bias: usize,
  scratch: usize,
  first: usize,
  last: usize,
  tileRows: usize,
  tileColumns: usize,
  channels: usize,
  matrixBytes: usize,
  height: usize,
  width: usize,
  imageBytes: usize,
  rowBytes: usize,
): void {
  const pixelBytes = channels * 4;
  const columns = scratch + OUTPUTS * OUTPUTS * VECTOR;
  for (let row = first; row < last; row++) {
    const n = row / tileRows;
    const y = (row - n * tileRows) * 2;
    const image = images + n * imageBytes;
    const imageArgmax = argmax === 0 ? <usize>0 : argmax + n * height * width * channels;
    let matrix = matrices + row * tileColumns * pixelBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        Tile.output(matrix + c, matrixBytes, scratch, columns);
        const channelBias = v128.load(bias + c);
        for (let window: usize = 0; window < OUTPUTS; window++) {
          const windowRow = y + (window >> 1);
          const windowColumn = column * 2 + (window & 1);
          if (windowRow >= height || windowColumn >= width) continue;
          const at = scratch + ((window >> 1) * 8 + (window & 1) * 2) * VECTOR;
          poolWindow(
            v128.load(at),
            v128.load(at + VECTOR),
            v128.load(at + OUTPUTS * VECTOR),
            v128.load(at + (OUTPUTS + 1) * VECTOR),
            channelBias,
            image + windowRow * rowBytes + windowColumn * pixelBytes + c,
            argmax === 0
              ? <usize>0
              : imageArgmax + (windowRow * width + windowColumn) * channels + c / 4,
          );
        }
      }
      matrix += pixelBytes;
    }
  }
}

/**
 * matrices[position][tile][c] = A ∂y Aᵀ, where ∂y is `gradients` (of the pooled images) put back to
 * where each window's maximum was. Adds the bias's gradient to `biasGradient`.
 */
export function transformPooledGradients(
  matrices: usize,
  biasGradient: usize,
  gradients: usize,
  argmax: usize,
  scratch: usize,
  first: usize,
  last: usize,
  tileRows: usize,
  tileColumns: usize,
  channels: usize,
  matrixBytes: usize,
  height: usize,
  width: usize,
  imageBytes: usize,
  rowBytes: usize,
): void {
  const pixelBytes = channels * 4;
  const columns = scratch + OUTPUTS * OUTPUTS * VECTOR;
  for (let row = first; row < last; row++) {
    const n = row / tileRows;
    const y = (row - n * tileRows) * 2;
    const image = gradients + n * imageBytes;
    const imageArgmax = argmax + n * height * width * channels;
    let matrix = matrices + row * tileColumns * pixelBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        let sum = f32x4.splat(0);
        for (let window: usize = 0; window < OUTPUTS; window++) {
          const windowRow = y + (window >> 1);
          const windowColumn = column * 2 + (window & 1);
          let gradient = f32x4.splat(0);
          let positions = gradient;
          if (windowRow < height && windowColumn < width) {
            gradient = v128.load(image + windowRow * rowBytes + windowColumn * pixelBytes + c);
            positions = loadArgmax(
              imageArgmax + (windowRow * width + windowColumn) * channels + c / 4,
            );
          }
          const at = scratch + ((window >> 1) * 8 + (window & 1) * 2) * VECTOR;
          sum = f32x4.add(sum, spreadGradient(at, gradient, positions));
        }
        v128.store(biasGradient + c, f32x4.add(v128.load(biasGradient + c), sum));
        Tile.outputGradient(scratch, OUTPUTS * VECTOR, VECTOR, matrix + c, matrixBytes, columns);
      }
      matrix += pixelBytes;
    }
  }
}

/** A window's gradient at its maximum's place among the tile's 4×4; answers what was not cut off. */
function spreadGradient(at: usize, gradient: v128, positions: v128): v128 {
  const a = v128.and(gradient, i32x4.eq(positions, i32x4.splat(0)));
  const b = v128.and(gradient, i32x4.eq(positions, i32x4.splat(1)));
  const c = v128.and(gradient, i32x4.eq(positions, i32x4.splat(2)));
  const d = v128.and(gradient, i32x4.eq(positions, i32x4.splat(3)));
  v128.store(at, a);
  v128.store(at + VECTOR, b);
  v128.store(at + OUTPUTS * VECTOR, c);
  v128.store(at + (OUTPUTS + 1) * VECTOR, d);
  return v128.or(v128.or(a, b), v128.or(c, d));
}
