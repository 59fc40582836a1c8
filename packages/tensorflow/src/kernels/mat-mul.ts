import type { BatchMatMulAttrs, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { NodeBackend } from '../node-backend';
import { bool, type } from './attributes';
import { hasOneDnn, ONEDNN_LABEL } from './one-dnn';

/**
 * The product of two matrices by oneDNN, which is twice as fast as TensorFlow's own where one of them is transposed.
 *
 * @returns undefined for batches of matrices and for other types, which are left to TensorFlow's own kernel
 */
export function oneDnnMatMul(
  backend: NodeBackend,
  { a, b }: { a: TensorInfo; b: TensorInfo },
  { transposeA, transposeB }: BatchMatMulAttrs,
): Tensor | undefined {
  const areMatrices = [a, b].every(
    ({ shape, dtype }) => shape.length === 2 && dtype === 'float32' && !shape.includes(0),
  );
  if (!areMatrices || !hasOneDnn(backend)) return undefined;
  const attributes = [
    type('T', TF_FLOAT),
    bool('transpose_a', transposeA),
    bool('transpose_b', transposeB),
    ONEDNN_LABEL,
  ];
  return backend.executeSingleOutput('_MklMatMul', attributes, [a, b]);
}
