import { columnMajor, featureCount, rowCount, rowMajor } from './workspace';

/** Rows and features turned at a time: both sides of a tile stay in the first-level cache. */
const TILE: u32 = 64;

/** Writes the columns from `start` to `end` of the row-major images. */
export function transpose(start: u32, end: u32): void {
  for (let rows: u32 = 0; rows < rowCount; rows += TILE) {
    for (let columns = start; columns < end; columns += TILE) {
      transposeTile(rows, min(rows + TILE, rowCount), columns, min(columns + TILE, end));
    }
  }
}

function transposeTile(firstRow: u32, lastRow: u32, firstColumn: u32, lastColumn: u32): void {
  for (let column = firstColumn; column < lastColumn; column++) {
    const to = columnMajor + column * rowCount;
    const from = rowMajor + column;
    for (let row = firstRow; row < lastRow; row++) {
      store<u8>(to + row, load<u8>(from + row * featureCount));
    }
  }
}
