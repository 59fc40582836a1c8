import { columnMajor, featureCount, rowCount, rowMajor, sampleRows, tile } from './workspace';

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

/**
 * Turns 16 samples × 16 columns. Interleaving the two halves of a matrix four times turns it; here
 * two times are done at once, on every fourth row.
 */
function transposeTile(sample: u32, column: u32, to: usize, stride: u32): void {
  const rows = sampleRows + sample * 4;
  const values = rowMajor + column;
  for (let i: u32 = 0; i < 4; i++) {
    const row = rows + i * 4;
    interleaveTwice(
      v128.load(values + load<u32>(row) * featureCount),
      v128.load(values + load<u32>(row, 16) * featureCount),
      v128.load(values + load<u32>(row, 32) * featureCount),
      v128.load(values + load<u32>(row, 48) * featureCount),
      tile + i * 64,
      TILE,
    );
  }
  for (let i: u32 = 0; i < 4; i++) {
    const row = tile + i * 16;
    interleaveTwice(
      v128.load(row),
      v128.load(row, 64),
      v128.load(row, 128),
      v128.load(row, 192),
      to + i * 4 * stride,
      stride,
    );
  }
}

/** Takes bytes from a and c and from b and d in turn, then from the results; writes four rows. */
function interleaveTwice(a: v128, b: v128, c: v128, d: v128, to: usize, stride: u32): void {
  const acLow = low(a, c);
  const acHigh = high(a, c);
  const bdLow = low(b, d);
  const bdHigh = high(b, d);
  v128.store(to, low(acLow, bdLow));
  v128.store(to + stride, high(acLow, bdLow));
  v128.store(to + 2 * stride, low(acHigh, bdHigh));
  v128.store(to + 3 * stride, high(acHigh, bdHigh));
}

/** The low halves, byte by byte in turn. */
function low(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** The high halves, byte by byte in turn. */
function high(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
