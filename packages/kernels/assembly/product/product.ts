import { addProduct } from './vector';

/**
 * Matrix products in tiles of 4 × 8. The right operand is first packed into panels of eight columns,
 * so that the innermost loop reads memory in order (Goto and van de Geijn 2008, "Anatomy of
 * high-performance matrix multiplication"). Addresses and strides are in bytes.
 */

const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;
/** Bytes of one row of a panel. */
const PANEL_ROW: usize = 32;
/** Columns and depth of the block of the right operand that is packed at a time: 256 KiB. */
const BLOCK_COLUMNS: usize = 256;
const BLOCK_DEPTH: usize = 256;

/**
 * Packs a [depth × columns] matrix, whatever its strides, into panels [⌈columns / 8⌉ × depth × 8];
 * missing columns are zero.
 */
export function packPanels(
  panels: usize,
  matrix: usize,
  depthStride: usize,
  columnStride: usize,
  depth: usize,
  columns: usize,
): void {
  for (let column: usize = 0; column < columns; column += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - column);
    const from = matrix + column * columnStride;
    if (width === TILE_COLUMNS && columnStride === 4) packRows(panels, from, depthStride, depth);
    else packColumns(panels, from, depthStride, columnStride, depth, width);
    panels += depth * PANEL_ROW;
  }
}

/** A panel whose eight columns lie side by side. */
function packRows(panel: usize, row: usize, depthStride: usize, depth: usize): void {
  const end = panel + depth * PANEL_ROW;
  for (; panel < end; panel += PANEL_ROW) {
    v128.store(panel, v128.load(row));
    v128.store(panel, v128.load(row, 16), 16);
    row += depthStride;
  }
}

/** A panel column by column. */
function packColumns(
  panel: usize,
  matrix: usize,
  depthStride: usize,
  columnStride: usize,
  depth: usize,
  width: usize,
): void {
  if (width < TILE_COLUMNS) memory.fill(panel, 0, depth * PANEL_ROW);
  for (let column: usize = 0; column < width; column++) {
    let from = matrix + column * columnStride;
    let to = panel + column * 4;
    for (let k: usize = 0; k < depth; k++) {
      store<f32>(to, load<f32>(from));
      from += depthStride;
      to += PANEL_ROW;
    }
  }
}

/** result = left · right, of whatever strides, but `result` is dense in n. */
export function multiply(
  result: usize,
  resultRow: usize,
  left: usize,
  leftRow: usize,
  leftDepth: usize,
  right: usize,
  rightDepth: usize,
  rightColumn: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  panels: usize,
): void {
  for (let column: usize = 0; column < columns; column += BLOCK_COLUMNS) {
    const width = min(BLOCK_COLUMNS, columns - column);
    for (let k: usize = 0; k < depth; k += BLOCK_DEPTH) {
      const blockDepth = min(BLOCK_DEPTH, depth - k);
      const block = right + column * rightColumn + k * rightDepth;
      packPanels(panels, block, rightDepth, rightColumn, blockDepth, width);
      const to = result + column * 4;
      const from = left + k * leftDepth;
      multiplyPanels(
        to,
        resultRow,
        from,
        leftRow,
        leftDepth,
        0,
        panels,
        rows,
        width,
        blockDepth,
        1,
        k > 0,
      );
    }
  }
}

/**
 * result[m, n] = Σₛ Σₖ left[m, s, k] · right[s, k, n], or with `accumulate` that much added to it.
 * `right` is packed by {@link packPanels} with a depth of segments × depth; `result` is dense in n.
 * Each sum runs over s and k in order, whatever the other sizes.
 */
export function multiplyPanels(
  result: usize,
  resultRow: usize,
  left: usize,
  leftRow: usize,
  leftDepth: usize,
  leftSegment: usize,
  panels: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  segments: usize,
  accumulate: bool,
): void {
  const panelBytes = segments * depth * PANEL_ROW;
  for (let column: usize = 0; column < columns; column += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - column);
    const to = result + column * 4;
    let row: usize = 0;
    if (width === TILE_COLUMNS) {
      for (; row + TILE_ROWS <= rows; row += TILE_ROWS) {
        tile(
          to + row * resultRow,
          resultRow,
          left + row * leftRow,
          leftRow,
          leftDepth,
          leftSegment,
          panels,
          depth,
          segments,
          accumulate,
        );
      }
    }
    for (; row < rows; row++) {
      const from = left + row * leftRow;
      const at = to + row * resultRow;
      if (width === TILE_COLUMNS) {
        wideRow(at, from, leftDepth, leftSegment, panels, depth, segments, accumulate);
      } else {
        narrowRow(at, width, from, leftDepth, leftSegment, panels, depth, segments, accumulate);
      }
    }
    panels += panelBytes;
  }
}

/** Four rows by eight columns: the sums stay in registers over the whole depth. */
function tile(
  result: usize,
  resultRow: usize,
  left: usize,
  leftRow: usize,
  leftDepth: usize,
  leftSegment: usize,
  panel: usize,
  depth: usize,
  segments: usize,
  accumulate: bool,
): void {
  let sum0a = f32x4.splat(0);
  let sum0b = f32x4.splat(0);
  let sum1a = f32x4.splat(0);
  let sum1b = f32x4.splat(0);
  let sum2a = f32x4.splat(0);
  let sum2b = f32x4.splat(0);
  let sum3a = f32x4.splat(0);
  let sum3b = f32x4.splat(0);
  const result1 = result + resultRow;
  const result2 = result1 + resultRow;
  const result3 = result2 + resultRow;
  if (accumulate) {
    sum0a = v128.load(result);
    sum0b = v128.load(result, 16);
    sum1a = v128.load(result1);
    sum1b = v128.load(result1, 16);
    sum2a = v128.load(result2);
    sum2b = v128.load(result2, 16);
    sum3a = v128.load(result3);
    sum3b = v128.load(result3, 16);
  }
  for (let segment: usize = 0; segment < segments; segment++) {
    let left0 = left;
    let left1 = left0 + leftRow;
    let left2 = left1 + leftRow;
    let left3 = left2 + leftRow;
    const end = panel + depth * PANEL_ROW;
    for (; panel < end; panel += PANEL_ROW) {
      const rightA = v128.load(panel);
      const rightB = v128.load(panel, 16);
      const factor0 = v128.load32_splat(left0);
      sum0a = addProduct(sum0a, factor0, rightA);
      sum0b = addProduct(sum0b, factor0, rightB);
      const factor1 = v128.load32_splat(left1);
      sum1a = addProduct(sum1a, factor1, rightA);
      sum1b = addProduct(sum1b, factor1, rightB);
      const factor2 = v128.load32_splat(left2);
      sum2a = addProduct(sum2a, factor2, rightA);
      sum2b = addProduct(sum2b, factor2, rightB);
      const factor3 = v128.load32_splat(left3);
      sum3a = addProduct(sum3a, factor3, rightA);
      sum3b = addProduct(sum3b, factor3, rightB);
      left0 += leftDepth;
      left1 += leftDepth;
      left2 += leftDepth;
      left3 += leftDepth;
    }
    left += leftSegment;
  }
  v128.store(result, sum0a);
  v128.store(result, sum0b, 16);
  v128.store(result1, sum1a);
  v128.store(result1, sum1b, 16);
  v128.store(result2, sum2a);
  v128.store(result2, sum2b, 16);
  v128.store(result3, sum3a);
  v128.store(result3, sum3b, 16);
}

/** One row by eight columns, where fewer than four rows are left. */
function wideRow(
  result: usize,
  left: usize,
  leftDepth: usize,
  leftSegment: usize,
  panel: usize,
  depth: usize,
  segments: usize,
  accumulate: bool,
): void {
  let sumA = f32x4.splat(0);
  let sumB = f32x4.splat(0);
  if (accumulate) {
    sumA = v128.load(result);
    sumB = v128.load(result, 16);
  }
  for (let segment: usize = 0; segment < segments; segment++) {
    let from = left;
    const end = panel + depth * PANEL_ROW;
    for (; panel < end; panel += PANEL_ROW) {
      const factor = v128.load32_splat(from);
      sumA = addProduct(sumA, factor, v128.load(panel));
      sumB = addProduct(sumB, factor, v128.load(panel, 16));
      from += leftDepth;
    }
    left += leftSegment;
  }
  v128.store(result, sumA);
  v128.store(result, sumB, 16);
}

/** One row by fewer than eight columns. */
function narrowRow(
  result: usize,
  width: usize,
  left: usize,
  leftDepth: usize,
  leftSegment: usize,
  panel: usize,
  depth: usize,
  segments: usize,
  accumulate: bool,
): void {
  for (let column: usize = 0; column < width; column++) {
    let sum: f32 = accumulate ? load<f32>(result) : 0;
    let factor = panel + column * 4;
    for (let segment: usize = 0; segment < segments; segment++) {
      let from = left + segment * leftSegment;
      for (let k: usize = 0; k < depth; k++) {
        sum += load<f32>(from) * load<f32>(factor);
        from += leftDepth;
        factor += PANEL_ROW;
      }
    }
    store<f32>(result, sum);
    result += 4;
  }
}
