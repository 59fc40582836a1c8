import type {
  RaggedGatherAttrs,
  RaggedTensorToTensorAttrs,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { TF_INT32 } from '../../binding/data-types';
import type { NodeBackend } from '../../node-backend';
import { integer, texts, type, typeAttribute } from '../attributes';
import type { Inputs } from '../partial-kernel';

/** Lists come as lists, which TensorFlow.js's types of these inputs leave out. */
interface RaggedGatherInputs {
  readonly paramsNestedSplits: readonly TensorInfo[];
  readonly paramsDenseValues: TensorInfo;
  readonly indices: TensorInfo;
}

/** Rows of a ragged tensor by their indices. */
export function raggedGather(
  backend: NodeBackend,
  { paramsNestedSplits, paramsDenseValues, indices }: RaggedGatherInputs,
  { outputRaggedRank }: RaggedGatherAttrs,
): Tensor[] {
  const attributes = [
    typeAttribute('Tvalues', backend, paramsDenseValues),
    type('Tindices', TF_INT32),
    type('Tsplits', TF_INT32),
    integer('PARAMS_RAGGED_RANK', paramsNestedSplits.length),
    integer('OUTPUT_RAGGED_RANK', outputRaggedRank),
  ];
  const inputs = [...paramsNestedSplits, paramsDenseValues, indices];
  return backend.executeMultipleOutputs('RaggedGather', attributes, inputs, outputRaggedRank + 1);
}

/** Sequences from `starts` to `limits`, one for each row. */
export function raggedRange(
  backend: NodeBackend,
  { starts, limits, deltas }: Inputs<'starts' | 'limits' | 'deltas'>,
): Tensor[] {
  const attributes = [typeAttribute('T', backend, starts), type('Tsplits', TF_INT32)];
  return backend.executeMultipleOutputs('RaggedRange', attributes, [starts, limits, deltas], 2);
}

interface RaggedTensorToTensorInputs {
  readonly shape: TensorInfo;
  readonly values: TensorInfo;
  readonly defaultValue: TensorInfo;
  readonly rowPartitionTensors: readonly TensorInfo[];
}

/** A ragged tensor with its short rows filled up. */
export function raggedTensorToTensor(
  backend: NodeBackend,
  { shape, values, defaultValue, rowPartitionTensors }: RaggedTensorToTensorInputs,
  { rowPartitionTypes }: RaggedTensorToTensorAttrs,
): Tensor {
  const attributes = [
    typeAttribute('T', backend, values),
    type('Tindex', TF_INT32),
    type('Tshape', TF_INT32),
    integer('num_row_partition_tensors', rowPartitionTensors.length),
    texts('row_partition_types', rowPartitionTypes),
  ];
  const inputs = [shape, values, defaultValue, ...rowPartitionTensors];
  return backend.executeSingleOutput('RaggedTensorToTensor', attributes, inputs);
}
