import type { DenseBincountAttrs, SearchSortedAttrs, Tensor } from '@tensorflow/tfjs-core';
import { TF_INT32 } from '../../binding/data-types';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { bool, type, typeAttribute } from '../attributes';
import type { Inputs } from '../partial-kernel';

export function bitwiseAnd(backend: NodeBackend, { a, b }: Inputs<'a' | 'b'>): Tensor {
  return backend.executeSingleOutput('BitwiseAnd', [type('T', TF_INT32)], [a, b]);
}

/** How often each number below `size` occurs in each row of `x`, or the sum of its weights. */
export function denseBincount(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, weights }: Inputs<'x' | 'weights'>,
  { size, binaryOutput = false }: DenseBincountAttrs,
): Tensor {
  const attributes = [
    type('Tidx', TF_INT32),
    typeAttribute('T', backend, weights),
    bool('binary_output', binaryOutput),
  ];
  return tf.tidy(() => {
    const count = tf.scalar(size, 'int32');
    return backend.executeSingleOutput('DenseBincount', attributes, [x, count, weights]);
  });
}

/** Where each of `values` belongs in its row of a sorted matrix. */
export function searchSorted(
  tf: TensorFlow,
  backend: NodeBackend,
  { sortedSequence, values }: Inputs<'sortedSequence' | 'values'>,
  { side }: SearchSortedAttrs,
): Tensor {
  const dtype = tf.backend_util.upcastType(sortedSequence.dtype, values.dtype);
  const attributes = [
    typeAttribute('T', backend, { ...values, dtype }),
    type('out_type', TF_INT32),
  ];
  return tf.tidy(() => {
    const inputs = [sortedSequence, values].map((tensor) => tf.cast(tensor as Tensor, dtype));
    return backend.executeSingleOutput(
      side === 'left' ? 'LowerBound' : 'UpperBound',
      attributes,
      inputs,
    );
  });
}
