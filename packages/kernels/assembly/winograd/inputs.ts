import { TILE, Tile, VECTOR } from './tile';
import { Transform } from './transform';

/*
 * The inputs of a convolution 3×3 with padding 1, cut into tiles of 4×4 outputs. Images, or strips of them, are NHWC with a
 * border of zeros and as many rows and columns as the tiles read: [4 · tileRows + 2, 4 · tileColumns + 2]. Matrix products
 * take 36 positions' matrices [position][tile][channel]; `matrixBytes` is the size of one position's. Channels are a
 * multiple of four. `first` and `last` bound the rows of tiles to compute, counted through all images. `scratch` takes 64
 * vectors.
 */

/** matrices[position][tile][c] = Bᵀ d B of each tile d of `images`. */
export function transformInputs(
  matrices: usize,
  images: usize,
  scratch: usize,
  first: usize,
  last: usize,
  tileRows: usize,
  tileColumns: usize,
  channels: usize,
  matrixBytes: usize,
): void {
  const pixelBytes = channels * 4;
  const rowBytes = (tileColumns * 4 + 2) * pixelBytes;
  const imageBytes = (tileRows * 4 + 2) * rowBytes;
  for (let row = first; row < last; row++) {
    const n = row / tileRows;
    let tile = images + n * imageBytes + (row - n * tileRows) * 4 * rowBytes;
    let matrix = matrices + row * tileColumns * pixelBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        Tile.input(tile + c, rowBytes, pixelBytes, matrix + c, matrixBytes, scratch);
      }
      tile += 4 * pixelBytes;
      matrix += pixelBytes;
    }
  }
}

/** Adds Σ B ∂v Bᵀ of overlapping tiles to `images`, of which it clears what no row before has reached. */
export function gatherInputGradients(
  images: usize,
  matrices: usize,
  scratch: usize,
  first: usize,
  last: usize,
  tileRows: usize,
  tileColumns: usize,
  channels: usize,
  matrixBytes: usize,
): void {
  const pixelBytes = channels * 4;
  const rowBytes = (tileColumns * 4 + 2) * pixelBytes;
  const imageBytes = (tileRows * 4 + 2) * rowBytes;
  const results = scratch + TILE * TILE * VECTOR;
  for (let row = first; row < last; row++) {
    const n = row / tileRows;
    const y = row - n * tileRows;
    let tile = images + n * imageBytes + y * 4 * rowBytes;
    if (y === 0) memory.fill(tile, 0, 2 * rowBytes);
    memory.fill(tile + 2 * rowBytes, 0, 4 * rowBytes);
    let matrix = matrices + row * tileColumns * pixelBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        Tile.inputGradientColumns(matrix + c, matrixBytes, scratch);
        for (let y: usize = 0; y < TILE; y++) {
          Transform.inputGradient(scratch + y * TILE * VECTOR, VECTOR, results, VECTOR);
          addRow(tile + c + y * rowBytes, pixelBytes, results);
        }
      }
      tile += 4 * pixelBytes;
      matrix += pixelBytes;
    }
  }
}

function addRow(to: usize, pixelBytes: usize, row: usize): void {
  for (let x: usize = 0; x < TILE; x++) {
    const at = to + x * pixelBytes;
    v128.store(at, f32x4.add(v128.load(at), v128.load(row + x * VECTOR)));
  }
}
