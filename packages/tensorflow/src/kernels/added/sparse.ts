import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_FLOAT, TF_INT32, TF_INT64 } from '../../binding/data-types';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { type, typeAttribute } from '../attributes';
import { cutFractions } from '../cast';
import { executeWithLongs } from '../execute-with-longs';
import type { Inputs } from '../partial-kernel';

/** A default value in every row of a sparse matrix that has none. */
export function sparseFillEmptyRows(
  backend: NodeBackend,
  {
    indices,
    values,
    denseShape,
    defaultValue,
  }: Inputs<'indices' | 'values' | 'denseShape' | 'defaultValue'>,
): Tensor[] {
  // Values go through int64 with the indices.
  const held = values.dtype === 'int32' ? type('T', TF_INT64) : typeAttribute('T', backend, values);
  const inputs = [indices, values, denseShape, defaultValue];
  return executeWithLongs(backend, 'SparseFillEmptyRows', [held], inputs, 4);
}

/** Where the elements of a sparse tensor are once it has another shape. */
export function sparseReshape(
  backend: NodeBackend,
  { inputIndices, inputShape, newShape }: Inputs<'inputIndices' | 'inputShape' | 'newShape'>,
): Tensor[] {
  return executeWithLongs(backend, 'SparseReshape', [], [inputIndices, inputShape, newShape], 2);
}

type SegmentInputs = Inputs<'data' | 'indices' | 'segmentIds'>;

const INDEX_TYPES = [type('Tidx', TF_INT32), type('Tsegmentids', TF_INT32)];

/** Sums of the rows of `data` that `indices` name, by segments. */
export function sparseSegmentSum(
  backend: NodeBackend,
  { data, indices, segmentIds }: SegmentInputs,
): Tensor {
  return backend.executeSingleOutput(
    'SparseSegmentSum',
    [typeAttribute('T', backend, data), ...INDEX_TYPES],
    [data, indices, segmentIds],
  );
}

/** Means of the same; TensorFlow has them of fractions alone, so that whole numbers are cut off after it. */
export function sparseSegmentMean(
  tf: TensorFlow,
  backend: NodeBackend,
  { data, indices, segmentIds }: SegmentInputs,
): Tensor {
  const mean = (floats: TensorInfo) =>
    backend.executeSingleOutput(
      'SparseSegmentMean',
      [type('T', TF_FLOAT), ...INDEX_TYPES],
      [floats, indices, segmentIds],
    );
  if (data.dtype === 'float32') return mean(data);
  return tf.tidy(() => cutFractions(backend, mean(tf.cast(data as Tensor, 'float32')), 'int32'));
}
