import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { NodeBackend, TensorData } from '../node-backend';
import { shape, text, type } from './attributes';
import { companionsOf } from './companions';

/** TensorFlow's name for a variable that lives as long as its handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** A tensor's data, while a variable of TensorFlow's holds it: TensorFlow then updates it in place. */
export interface LentTensor {
  /** Number of the variable's handle. */
  readonly handle: number;
  /** The tensor of the binding that is the variable's value, shared with the tensor's data; below 0 while lent. */
  shared: number;
}

const DTYPE = type('dtype', TF_FLOAT);
const NOT_SHARED = -1;

const lentTensors = new WeakMap<DataId, LentTensor>();

/**
 * Hands the data of a float32 tensor over to a variable, and nobody else keeps it: else it would be copied first. Whoever
 * asks for the data afterwards gets what the variable holds then. The variable stays for the next time, as long as
 * the tensor's data does.
 */
export function lend(backend: NodeBackend, tensor: Tensor): LentTensor {
  const lent = lentTensors.get(tensor.dataId) ?? createVariable(backend, tensor);
  if (lent.shared === NOT_SHARED) return lent;
  backend.binding.deleteTensor(lent.shared);
  lent.shared = NOT_SHARED;
  return lent;
}

function createVariable(backend: NodeBackend, tensor: Tensor): LentTensor {
  const { binding } = backend;
  const [id] = backend.getInputTensorIds([tensor]) as [number];
  const attributes = [DTYPE, shape('shape', tensor.shape), text('shared_name', ANONYMOUS)];
  const [variable] = binding.executeOp('VarHandleOp', attributes, [], 1);
  const handle = variable?.id as number;
  binding.executeOp('AssignVariableOp', [DTYPE], [handle, id], 0);
  companionsOf(backend).keep(tensor.dataId, handle);
  return holdInVariable(backend, tensor.dataId, { handle, shared: id });
}

/** Has the data of a tensor be what a variable holds, read when somebody asks for it. */
export function holdInVariable(backend: NodeBackend, dataId: DataId, lent: LentTensor): LentTensor {
  const data: TensorData = backend.tensorMap.get(dataId);
  Object.defineProperty(data, 'id', {
    get: () => {
      if (lent.shared === NOT_SHARED) takeBack(backend, lent);
      return lent.shared;
    },
  });
  lentTensors.set(dataId, lent);
  return lent;
}

/** Gives the tensor what the variable holds now. */
function takeBack({ binding }: NodeBackend, lent: LentTensor): void {
  const [value] = binding.executeOp('ReadVariableOp', [DTYPE], [lent.handle], 1);
  lent.shared = value?.id as number;
}
