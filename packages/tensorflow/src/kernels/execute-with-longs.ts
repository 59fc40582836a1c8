import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_INT32, TF_INT64 } from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { NodeBackend } from '../node-backend';
import { castTo, recast } from './cast';

/**
 * Runs an op of TensorFlow's that counts in int64 for TensorFlow.js, which has int32 alone: whole numbers are made int64 before it,
 * and int32 again after it.
 */
export function executeWithLongs(
  backend: NodeBackend,
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly TensorInfo[],
  outputCount: number,
): Tensor[] {
  const { binding } = backend;
  const ids = backend.getInputTensorIds(inputs);
  const longs = ids.map((id, index) =>
    inputs[index]?.dtype === 'int32' ? castTo(binding, id, TF_INT32, TF_INT64).id : id,
  );
  try {
    return binding.executeOp(op, attributes, longs, outputCount).map((output) => {
      if (output.dtype !== TF_INT64) return backend.createOutputTensor(output);
      return backend.createOutputTensor(recast(binding, output.id, TF_INT64, TF_INT32));
    });
  } finally {
    for (const [index, id] of longs.entries()) if (id !== ids[index]) binding.deleteTensor(id);
  }
}
