import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { matrixOperand } from './operand';
import { multiply } from './product';
import { withShape } from './program';

/** tf.matMul of two matrices, either of them transposed; undefined for batches of matrices. */
export function matMul(
  backend: WebGPUBackend,
  { a, b }: Readonly<Record<'a' | 'b', TensorInfo>>,
  { transposeA, transposeB }: BatchMatMulAttrs,
): TensorInfo | undefined {
  const [leftShape, rightShape] = [a.shape, b.shape];
  if (leftShape.length !== 2 || rightShape.length !== 2) return undefined;
  const [leftRows, leftColumns] = leftShape as [number, number];
  const [rightRows, rightColumns] = rightShape as [number, number];
  const rows = transposeA ? leftColumns : leftRows;
  const columns = transposeB ? rightRows : rightColumns;
  const product = multiply(backend, {
    rows,
    columns,
    depth: transposeA ? leftRows : leftColumns,
    left: matrixOperand('Left', a, leftColumns, !transposeA),
    right: matrixOperand('Right', b, rightColumns, transposeB),
  });
  return withShape(product, [rows, columns]);
}
