/**
 * The order of columns in which `actual` is `expected`: column `order[c]` of `actual` is column `c` of `expected`; undefined where
 * there is none. Each column takes the nearest that is left, the largest first: of a thousand classes most are as good as 0, and alike.
 *
 * @param actual row-major [images × columns]
 */
export function findClassOrder(
  actual: Float32Array,
  expected: Float32Array,
  columns: number,
  tolerance: number,
): number[] | undefined {
  if (actual.length !== expected.length) return undefined;
  const largest = largestOf(expected, columns);
  const order = [...largest.keys()];
  const bySize = [...order].sort((a, b) => (largest[b] as number) - (largest[a] as number));
  const free = new Set(order);
  for (const column of bySize) {
    const distance = (other: number, most: number) =>
      columnDistance(actual, other, expected, column, columns, most);
    let nearest = free.has(column) ? column : -1;
    let least =
      nearest === -1 ? Number.POSITIVE_INFINITY : distance(column, Number.POSITIVE_INFINITY);
    for (const other of free) {
      const found = distance(other, least);
      if (found < least) [nearest, least] = [other, found];
    }
    if (least > tolerance) return undefined;
    free.delete(nearest);
    order[column] = nearest;
  }
  return order;
}

/** Of each column. */
function largestOf(rows: Float32Array, columns: number): Float32Array {
  const largest = new Float32Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (const [at, value] of rows.entries()) {
    largest[at % columns] = Math.max(largest[at % columns] as number, value);
  }
  return largest;
}

/** Largest difference between two columns, or the first that is `most` and more. */
function columnDistance(
  left: Float32Array,
  leftColumn: number,
  right: Float32Array,
  rightColumn: number,
  columns: number,
  most: number,
): number {
  let largest = 0;
  for (let row = 0; row < left.length && largest < most; row += columns) {
    const difference = (left[row + leftColumn] as number) - (right[row + rightColumn] as number);
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}
