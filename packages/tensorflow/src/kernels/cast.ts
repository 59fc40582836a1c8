import type { DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_BOOL, TF_INT32, TF_INT64 } from '../binding/data-types';
import type { NativeBinding, TensorMetadata } from '../binding/native-binding';
import type { NodeBackend } from '../node-backend';
import { type } from './attributes';

/** The tensor of the binding with number `id`, of the `TF_DataType` `from`, as `to`. The caller deletes it. */
export function castTo(
  binding: Pick<NativeBinding, 'executeOp'>,
  id: number,
  from: number,
  to: number,
): TensorMetadata {
  const [result] = binding.executeOp('Cast', [type('SrcT', from), type('DstT', to)], [id], 1);
  return result as TensorMetadata;
}

/** The same, in the place of the tensor, which is deleted. */
export function recast(
  binding: Pick<NativeBinding, 'executeOp' | 'deleteTensor'>,
  id: number,
  from: number,
  to: number,
): TensorMetadata {
  const result = castTo(binding, id, from, to);
  binding.deleteTensor(id);
  return result;
}

/**
 * Fractions as JavaScript cuts them off for whole numbers or logical values: what is not finite becomes 0, what is too large
 * wraps around. That is the lower half of what they are in int64, on x86; TensorFlow's own cast to int32 gives the least
 * number for all of these.
 */
export function cutFractions(
  backend: NodeBackend,
  x: TensorInfo,
  dtype: Extract<DataType, 'int32' | 'bool'>,
): Tensor {
  const { binding } = backend;
  const [id] = backend.getInputTensorIds([x]) as [number];
  const long = castTo(binding, id, backend.typeAttributeFromTensor(x), TF_INT64);
  const whole = recast(binding, long.id, TF_INT64, TF_INT32);
  if (dtype === 'int32') return backend.createOutputTensor(whole);
  return backend.createOutputTensor(recast(binding, whole.id, TF_INT32, TF_BOOL));
}
