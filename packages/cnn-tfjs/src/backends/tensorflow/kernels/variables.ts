import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { NodeBackend, TensorData } from '../node-backend';
import { shape, text, type } from './attributes';
import { companionsOf } from './companions';

/** TensorFlow's name for a variable that lives as long as its handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** A tensor's data, while a variable of TensorFlow's holds it: TensorFlow then updates it in place. */
export interface LentTensor {
  readonly data: TensorData;
  /** Number of the variable's handle. */
  readonly handle: number;
  /** The tensor of the binding that is the variable's value, shared with the tensor's data; below 0 while lent. */
  shared: number;
}

const DTYPE = type('dtype', TF_FLOAT);
const NOT_SHARED = -1;

const lentTensors = new WeakMap<DataId, LentTensor>();

/**
 * Hands the data of a float32 tensor over to a variable, and nobody else keeps it: else it would be copied first. The
 * variable stays for the next time, as long as the tensor's data does.
 */
export function lend(backend: NodeBackend, tensor: Tensor): LentTensor {
  const { binding } = backend;
  const [id] = backend.getInputTensorIds([tensor]) as [number];
  const lent = lentTensors.get(tensor.dataId) ?? createVariable(backend, tensor);
  if (lent.shared !== id) binding.executeOp('AssignVariableOp', [DTYPE], [lent.handle, id], 0);
  binding.deleteTensor(id);
  lent.shared = NOT_SHARED;
  lent.data.id = NOT_SHARED;
  return lent;
}

function createVariable(backend: NodeBackend, { dataId, shape: sizes }: Tensor): LentTensor {
  const attributes = [DTYPE, shape('shape', sizes), text('shared_name', ANONYMOUS)];
  const [variable] = backend.binding.executeOp('VarHandleOp', attributes, [], 1);
  const handle = variable?.id as number;
  const lent = { data: backend.tensorMap.get(dataId), handle, shared: NOT_SHARED };
  companionsOf(backend).keep(dataId, handle);
  lentTensors.set(dataId, lent);
  return lent;
}

/** Gives the tensor what the variable holds now. */
export function takeBack({ binding }: NodeBackend, lent: LentTensor): void {
  const [value] = binding.executeOp('ReadVariableOp', [DTYPE], [lent.handle], 1);
  lent.shared = value?.id as number;
  lent.data.id = lent.shared;
}
