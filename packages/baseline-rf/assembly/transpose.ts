import { columnMajor, featureCount, rowCount, rowMajor, sampleRows, tiles } from './workspace';

/** Side of the squares that are turned at a time: the bytes of a vector. */
const TILE: u32 = 16;

/** Writes the columns from `firstColumn` to `endColumn` of all rows into the shared columns. */
export function transpose(firstColumn: u32, endColumn: u32): void {
  for (let row: u32 = 0; row < rowCount; row++) store<u32>(sampleRows + row * 4, row);
  transposeSamples(0, rowCount, firstColumn, endColumn, columnMajor);
}

/**
 * Writes columns of the samples from `start` to `end`: column number c at `to` + c × samples. The
 * last tiles overlap their neighbours rather than reach over the edge.
 */
export function transposeSamples(
  start: u32,
  end: u32,
  firstColumn: u32,
  endColumn: u32,
  to: usize,
): void {
  if (end - start < TILE || endColumn - firstColumn < TILE) {
    transposeBytes(start, end, firstColumn, endColumn, to);
    return;
  }
  const stride = end - start;
  for (let sample = start; sample < end; sample += TILE) {
    const first = min(sample, end - TILE);
    for (let column = firstColumn; column < endColumn; column += TILE) {
      const left = min(column, endColumn - TILE);
      transposeTile(first, left, to + left * stride + (first - start), stride);
    }
  }
}

function transposeBytes(start: u32, end: u32, firstColumn: u32, endColumn: u32, to: usize): void {
  for (let sample = start; sample < end; sample++) {
    const row = rowMajor + load<u32>(sampleRows + sample * 4) * featureCount;
    for (let column = firstColumn; column < endColumn; column++) {
      store<u8>(to + column * (end - start) + (sample - start), load<u8>(row + column));
    }
  }
}

/** Turns 16 samples × 16 columns: interleaving the two halves of a matrix four times turns it. */
function transposeTile(sample: u32, column: u32, to: usize, stride: u32): void {
  const other = tiles + TILE * TILE;
  for (let i: u32 = 0; i < TILE; i++) {
    const row = load<u32>(sampleRows + (sample + i) * 4);
    v128.store(tiles + i * TILE, v128.load(rowMajor + row * featureCount + column));
  }
  interleave(tiles, other);
  interleave(other, tiles);
  interleave(tiles, other);
  interleave(other, tiles);
  for (let i: u32 = 0; i < TILE; i++) {
    v128.store(to + i * stride, v128.load(tiles + i * TILE));
  }
}

/** Takes bytes from the first and the second half of a tile in turn. */
function interleave(from: usize, to: usize): void {
  const half = (TILE * TILE) / 2;
  for (let at: usize = 0; at < half; at += TILE) {
    const a = v128.load(from + at);
    const b = v128.load(from + at + half);
    const low = v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high = v128.shuffle<u8>(
      a,
      b,
      8,
      24,
      9,
      25,
      10,
      26,
      11,
      27,
      12,
      28,
      13,
      29,
      14,
      30,
      15,
      31,
    );
    v128.store(to + 2 * at, low);
    v128.store(to + 2 * at, high, 16);
  }
}
