import { loadCodes, poolWindow } from '../pooling/pool-window';
import { Transform } from './transform';

/*
 * Convolution 3×3 with padding 1, bias, ReLU and max-pool 2×2, cut into tiles of 4×4 outputs (2×2
 * windows). Images are NHWC with a border of zeros and as many rows and columns as the tiles read:
 * [4 · tileRows + 2, 4 · tileColumns + 2]. In between lie matrix products of 36 positions' matrices
 * [position][tile][channel]; `matrixBytes` is the size of one position's. Channels are a multiple of
 * four. `first` and `last` bound the rows of tiles to compute, counted through all images.
 */

const VECTOR: usize = 16;
const TILE: usize = 6;
const OUTPUTS: usize = 4;

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
        for (let x: usize = 0; x < TILE; x++) {
          Transform.input(tile + c + x * pixelBytes, rowBytes, scratch + x * VECTOR, TILE * VECTOR);
        }
        for (let y: usize = 0; y < TILE; y++) {
          const to = matrix + c + y * TILE * matrixBytes;
          Transform.input(scratch + y * TILE * VECTOR, VECTOR, to, matrixBytes);
        }
      }
      tile += 4 * pixelBytes;
      matrix += pixelBytes;
    }
  }
}

/** From the products to pooled images, with a border as the next block wants it, and codes. */
export function poolOutputs(
  images: usize,
  codes: usize,
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
  for (let row = first; row < last; row++) {
    const n = row / tileRows;
    const y = (row - n * tileRows) * 2;
    const image = images + n * imageBytes;
    const imageCodes = codes === 0 ? <usize>0 : codes + n * height * width * channels;
    let matrix = matrices + row * tileColumns * pixelBytes;
    for (let column: usize = 0; column < tileColumns; column++) {
      for (let c: usize = 0; c < pixelBytes; c += VECTOR) {
        transformOutput(matrix + c, matrixBytes, scratch);
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
            codes === 0
              ? <usize>0
              : imageCodes + (windowRow * width + windowColumn) * channels + c / 4,
          );
        }
      }
      matrix += pixelBytes;
    }
  }
}

/** The 4×4 outputs Aᵀ m A of one tile at the start of `scratch`. */
function transformOutput(matrix: usize, matrixBytes: usize, scratch: usize): void {
  const columns = scratch + OUTPUTS * OUTPUTS * VECTOR;
  for (let x: usize = 0; x < TILE; x++) {
    const from = matrix + x * matrixBytes;
    Transform.output(from, TILE * matrixBytes, columns + x * VECTOR, TILE * VECTOR);
  }
  for (let y: usize = 0; y < OUTPUTS; y++) {
    const from = columns + y * TILE * VECTOR;
    Transform.output(from, VECTOR, scratch + y * OUTPUTS * VECTOR, VECTOR);
  }
}

/**
 * matrices[position][tile][c] = A ∂y Aᵀ, where ∂y is `gradients` (of the pooled images) put back to
 * where each window's maximum was. Adds the bias's gradient to `biasGradient`.
 */
export function transformOutputGradients(
  matrices: usize,
  biasGradient: usize,
  gradients: usize,
  codes: usize,
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
  for (let row = first; row < last; row++) {
    const n = row / tileRows;
    const y = (row - n * tileRows) * 2;
    const image = gradients + n * imageBytes;
    const imageCodes = codes + n * height * width * channels;
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
            positions = loadCodes(
              imageCodes + (windowRow * width + windowColumn) * channels + c / 4,
            );
          }
          const at = scratch + ((window >> 1) * 8 + (window & 1) * 2) * VECTOR;
          sum = f32x4.add(sum, spreadGradient(at, gradient, positions));
        }
        v128.store(biasGradient + c, f32x4.add(v128.load(biasGradient + c), sum));
        transformOutputGradient(matrix + c, matrixBytes, scratch);
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

function transformOutputGradient(matrix: usize, matrixBytes: usize, scratch: usize): void {
  const columns = scratch + OUTPUTS * OUTPUTS * VECTOR;
  for (let x: usize = 0; x < OUTPUTS; x++) {
    const from = scratch + x * VECTOR;
    Transform.outputGradient(from, OUTPUTS * VECTOR, columns + x * VECTOR, OUTPUTS * VECTOR);
  }
  for (let y: usize = 0; y < TILE; y++) {
    const from = columns + y * OUTPUTS * VECTOR;
    Transform.outputGradient(from, VECTOR, matrix + y * TILE * matrixBytes, matrixBytes);
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
        for (let x: usize = 0; x < TILE; x++) {
          const from = matrix + c + x * matrixBytes;
          Transform.inputGradient(from, TILE * matrixBytes, scratch + x * VECTOR, TILE * VECTOR);
        }
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
