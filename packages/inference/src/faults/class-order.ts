/**
 * The order of columns in which `actual` is `expected`: column `order[c]` of `actual` is column `c` of `expected`; undefined where
 * there is none, or where columns are too alike to tell.
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
  const free = new Set(Array.from({ length: columns }, (_, column) => column));
  const order: number[] = [];
  for (let column = 0; column < columns; column++) {
    const match = [...free].find((other) =>
      isSame(actual, other, expected, column, columns, tolerance),
    );
    if (match === undefined) return undefined;
    free.delete(match);
    order.push(match);
  }
  return order;
}

function isSame(
  left: Float32Array,
  leftColumn: number,
  right: Float32Array,
  rightColumn: number,
  columns: number,
  tolerance: number,
): boolean {
  for (let row = 0; row < left.length; row += columns) {
    const difference = (left[row + leftColumn] as number) - (right[row + rightColumn] as number);
    if (Math.abs(difference) > tolerance) return false;
  }
  return true;
}
