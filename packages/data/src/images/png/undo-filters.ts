/**
 * Undoes the filters of a PNG's rows (PNG specification, 9.2): each begins with its filter's number, and is stored as the
 * difference from what the filter predicts of the bytes to the left and above.
 *
 * @returns the rows without these numbers; undefined where there is no such filter
 */
export function undoFilters(
  filtered: Uint8Array,
  rowBytes: number,
  height: number,
  bytesPerPixel: number,
): Uint8Array | undefined {
  const rows = new Uint8Array(rowBytes * height);
  for (let row = 0; row < height; row++) {
    const from = row * (rowBytes + 1);
    const to = row * rowBytes;
    const undo = FILTERS[filtered[from] as number];
    if (!undo) return undefined;
    rows.set(filtered.subarray(from + 1, from + 1 + rowBytes), to);
    undo(rows, to, to + rowBytes, bytesPerPixel, row === 0 ? 0 : rowBytes);
  }
  return rows;
}

/**
 * Undoes one filter from `start` to `end`, where the row still holds differences.
 *
 * @param left bytes back to the pixel to the left
 * @param above bytes back to the pixel above; 0 in the first row, above which all is 0
 */
type Undo = (rows: Uint8Array, start: number, end: number, left: number, above: number) => void;

const none: Undo = () => {};

const sub: Undo = (rows, start, end, left) => {
  for (let at = start + left; at < end; at++) {
    rows[at] = (rows[at] as number) + (rows[at - left] as number);
  }
};

const up: Undo = (rows, start, end, _, above) => {
  if (above === 0) return;
  for (let at = start; at < end; at++) {
    rows[at] = (rows[at] as number) + (rows[at - above] as number);
  }
};

const average: Undo = (rows, start, end, left, above) => {
  for (let at = start; at < end; at++) {
    const before = at < start + left ? 0 : (rows[at - left] as number);
    const over = above === 0 ? 0 : (rows[at - above] as number);
    rows[at] = (rows[at] as number) + ((before + over) >> 1);
  }
};

const paeth: Undo = (rows, start, end, left, above) => {
  if (above === 0) {
    sub(rows, start, end, left, above);
    return;
  }
  for (let at = start; at < start + left; at++) {
    rows[at] = (rows[at] as number) + (rows[at - above] as number);
  }
  for (let at = start + left; at < end; at++) {
    const before = rows[at - left] as number;
    const over = rows[at - above] as number;
    const corner = rows[at - above - left] as number;
    const toBefore = Math.abs(over - corner);
    const toOver = Math.abs(before - corner);
    const toCorner = Math.abs(before + over - 2 * corner);
    const nearest =
      toBefore <= toOver && toBefore <= toCorner ? before : toOver <= toCorner ? over : corner;
    rows[at] = (rows[at] as number) + nearest;
  }
};

const FILTERS: readonly Undo[] = [none, sub, up, average, paeth];
