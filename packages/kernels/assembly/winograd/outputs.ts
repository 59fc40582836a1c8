import { OUTPUTS, TILE, Tile, VECTOR } from './tile';
import { Transform } from './transform';

/*
 * The outputs of a convolution as `inputs.ts` cuts it up, of one strip: `tileRows` × `tileColumns` tiles of 4×4 pixels,
 * NHWC without a border, and their matrices [position][tile][channel], dense. Channels are a multiple of four; `scratch`
 * takes 64 vectors.
 */

/** strip = Aᵀ m A of each tile, plus `bias`, and no less than `least`. */
export function writeOutputs(
  strip: usize,
  matrices: usize,
  bias: usize,
  least: f32,
  scratch: usize,
  tileRows: usize,
  tileColumns: usize,
  channels: usize,
): void {
  const pixelBytes = channels * 4;
  const rowBytes = tileColumns * OUTPUTS * pixelBytes;
  const matrixBytes = tileRows * tileColumns * pixelBytes;
  const floor = f32x4.splat(least);
  for (let row: usize = 0; row < tileRows; row++) {
    let tile = strip + row * OUTPUTS * rowBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        Tile.outputColumns(matrices + c, matrixBytes, scratch);
        const channelBias = v128.load(bias + c);
        for (let y: usize = 0; y < OUTPUTS; y++) {
          const from = scratch + y * TILE * VECTOR;
          const to = tile + c + y * rowBytes;
          Transform.finishedOutput(from, VECTOR, to, pixelBytes, true, channelBias, floor);
        }
      }
      tile += OUTPUTS * pixelBytes;
      matrices += pixelBytes;
    }
  }
}

/** matrices = A ∂y Aᵀ of each tile ∂y of a strip of the outputs' gradients. */
export function transformOutputGradients(
  matrices: usize,
  strip: usize,
  scratch: usize,
  tileRows: usize,
  tileColumns: usize,
  channels: usize,
): void {
  const pixelBytes = channels * 4;
  const rowBytes = tileColumns * OUTPUTS * pixelBytes;
  const matrixBytes = tileRows * tileColumns * pixelBytes;
  for (let row: usize = 0; row < tileRows; row++) {
    let tile = strip + row * OUTPUTS * rowBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        Tile.outputGradient(tile + c, rowBytes, pixelBytes, matrices + c, matrixBytes, scratch);
      }
      tile += OUTPUTS * pixelBytes;
      matrices += pixelBytes;
    }
  }
}
