import type { Values } from './reference-node';

/** Rows and columns of sums, and how many products each sum is of. */
export interface ProductShape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/**
 * `sums[i,j] += Σk a[i,k] · b[j,k]`, all row-major: eight sums at a time, which a processor keeps in registers, so that each
 * value that is read is used several times.
 */
export function addProducts(a: Values, b: Values, sums: Values, shape: ProductShape): void {
  const { rows, columns, depth } = shape;
  const evenRows = rows - (rows % 4);
  const evenColumns = columns - (columns % 2);
  for (let i = 0; i < evenRows; i += 4) {
    for (let j = 0; j < evenColumns; j += 2) addBlock(a, b, sums, shape, i, j);
  }
  for (let i = 0; i < rows; i++) {
    const first = i < evenRows ? evenColumns : 0;
    for (let j = first; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++)
        sum += (a[i * depth + k] as number) * (b[j * depth + k] as number);
      (sums[i * columns + j] as number) += sum;
    }
  }
}

/** Four rows and two columns of sums. */
function addBlock(
  a: Values,
  b: Values,
  sums: Values,
  { columns, depth }: ProductShape,
  row: number,
  column: number,
): void {
  const [a0, b0] = [row * depth, column * depth];
  const [a1, a2, a3, b1] = [a0 + depth, a0 + 2 * depth, a0 + 3 * depth, b0 + depth];
  let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < depth; k++) {
    const left = b[b0 + k] as number;
    const right = b[b1 + k] as number;
    const x0 = a[a0 + k] as number;
    const x1 = a[a1 + k] as number;
    const x2 = a[a2 + k] as number;
    const x3 = a[a3 + k] as number;
    s00 += x0 * left;
    s01 += x0 * right;
    s10 += x1 * left;
    s11 += x1 * right;
    s20 += x2 * left;
    s21 += x2 * right;
    s30 += x3 * left;
    s31 += x3 * right;
  }
  const to = row * columns + column;
  (sums[to] as number) += s00;
  (sums[to + 1] as number) += s01;
  (sums[to + columns] as number) += s10;
  (sums[to + columns + 1] as number) += s11;
  (sums[to + 2 * columns] as number) += s20;
  (sums[to + 2 * columns + 1] as number) += s21;
  (sums[to + 3 * columns] as number) += s30;
  (sums[to + 3 * columns + 1] as number) += s31;
}

/** A row-major [rows × columns] matrix as [columns × rows]. */
export function transpose(values: Values, rows: number, columns: number): Values {
  const transposed = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      transposed[column * rows + row] = values[row * columns + column] as number;
    }
  }
  return transposed;
}
