import { kernelCalls } from '@dlcmp/kernels';
import type { BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { FLOAT, type Heap, type KernelInputs } from './heap';
import { split } from './split';

/** Columns of a panel, and columns and depth of a packed block, as in `product.ts` of @dlcmp/kernels. */
const PANEL_COLUMNS = 8;
const BLOCK_COLUMNS = 256;
const BLOCK_DEPTH = 256;

/** Room for a [depth × columns] matrix packed into panels. */
export function panelFloats(depth: number, columns: number): number {
  return Math.ceil(columns / PANEL_COLUMNS) * PANEL_COLUMNS * depth;
}

/**
 * Kernel of tf.matMul for two matrices, as fast with transposed operands as without: transposing
 * exchanges strides, and packing evens them out.
 */
export function matMulKernels(heap: Heap) {
  return {
    BatchMatMul(
      { a, b }: KernelInputs<'a' | 'b'>,
      { transposeA, transposeB }: BatchMatMulAttrs,
    ): TensorInfo {
      const left = matrix(a, transposeA);
      const right = matrix(b, transposeB);
      const result = heap.allocate([left.rows, right.columns]);
      const shares = split(right.columns, heap.threads, PANEL_COLUMNS);
      const panelsSize = panelFloats(BLOCK_DEPTH, BLOCK_COLUMNS);
      return heap.withScratch([shares.length * panelsSize], (panels) => {
        heap.run(
          shares.map(({ start, size }, part) =>
            kernelCalls.multiply({
              result: heap.address(result) + start * FLOAT,
              resultRow: right.columns * FLOAT,
              left: heap.address(a),
              leftRow: left.rowStride,
              leftDepth: left.columnStride,
              right: heap.address(b) + start * right.columnStride,
              rightDepth: right.rowStride,
              rightColumn: right.columnStride,
              rows: left.rows,
              columns: size,
              depth: left.columns,
              panels: panels + part * panelsSize * FLOAT,
            }),
          ),
        );
        return result;
      });
    },
  };
}

/** Sizes of a matrix and its strides in bytes. */
function matrix({ shape }: TensorInfo, transpose: boolean) {
  if (shape.length !== 2)
    throw new Error('cnn-tfjs multiplies matrices only, not batches of them.');
  const [rows, columns] = shape as [number, number];
  const rowBytes = columns * FLOAT;
  return transpose
    ? { rows: columns, columns: rows, rowStride: FLOAT, columnStride: rowBytes }
    : { rows, columns, rowStride: rowBytes, columnStride: FLOAT };
}
