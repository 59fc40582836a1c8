import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_INT32, TF_INT64, TF_UINT8 } from '../binding/data-types';
import type { TensorMetadata } from '../binding/native-binding';
import type { NodeBackend, TfjsNode } from '../node-backend';
import { castTo } from './cast';
import { companionsOf } from './companions';

/** What a SavedModel's signature says of an input. */
interface SignatureInput {
  readonly tfDtype?: string;
}

/** tfjs-node's backend where it deals with types that TensorFlow.js has none of. */
interface ForeignTypes extends NodeBackend {
  getMappedInputTensorIds(
    inputs: readonly TensorInfo[],
    infos: readonly (SignatureInput | undefined)[],
  ): { tensorIds: number[]; newTensors: number[] };
}

/**
 * int64 comes from SavedModels, and goes to them, while TensorFlow.js has int32 alone. As with tfjs-node, a tensor of it says that it is
 * int32 and is read as a `BigInt64Array`, so that nothing is lost; but ops take it as int32, where they refuse it there, and negative
 * numbers go to SavedModels as they are.
 */
export function convertLongs({ NodeJSKernelBackend }: TfjsNode): void {
  const prototype = NodeJSKernelBackend.prototype as ForeignTypes;
  const { createOutputTensor, getInputTensorIds } = prototype;
  prototype.createOutputTensor = function (this: NodeBackend, metadata: TensorMetadata) {
    if (metadata.dtype !== TF_INT64) return createOutputTensor.call(this, metadata);
    const tensor = createOutputTensor.call(this, { ...metadata, dtype: TF_INT32 });
    Object.assign(this.tensorMap.get(tensor.dataId), { dtype: TF_INT64 });
    withLongs.add(this);
    return tensor;
  };
  prototype.getInputTensorIds = function (this: NodeBackend, tensors) {
    const ids = getInputTensorIds.call(this, tensors);
    if (!withLongs.has(this)) return ids;
    return ids.map((id, index) => asIntegers(this, tensors[index]?.dataId, id));
  };
  prototype.getMappedInputTensorIds = function (this: NodeBackend, inputs, infos) {
    const ids = this.getInputTensorIds(inputs);
    const wanted = infos.map((info) => TYPES[info?.tfDtype ?? '']);
    const tensorIds = ids.map((id, index) => {
      const type = inputs[index]?.dtype === 'int32' ? wanted[index] : undefined;
      return type === undefined ? id : castTo(this.binding, id, TF_INT32, type).id;
    });
    const newTensors = [...tensorIds.keys()].filter((index) => tensorIds[index] !== ids[index]);
    return { tensorIds, newTensors };
  };
}

const TYPES: Readonly<Record<string, number>> = { DT_INT64: TF_INT64, DT_UINT8: TF_UINT8 };

/** Backends that have held int64: others are asked nothing. */
const withLongs = new WeakSet<NodeBackend>();

function asIntegers(backend: NodeBackend, dataId: DataId | undefined, id: number): number {
  const data = dataId && backend.tensorMap.has(dataId) && backend.tensorMap.get(dataId);
  if (!dataId || !data || data.dtype !== TF_INT64) return id;
  const companions = companionsOf(backend);
  const known = companions.find(dataId);
  if (known !== undefined) return known;
  const integers = castTo(backend.binding, id, TF_INT64, TF_INT32);
  companions.keep(dataId, integers.id);
  return integers.id;
}
