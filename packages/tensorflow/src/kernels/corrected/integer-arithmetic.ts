import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_DOUBLE, TF_INT32, TF_INT64 } from '../../binding/data-types';
import type { TensorMetadata } from '../../binding/native-binding';
import type { NodeBackend } from '../../node-backend';
import { type } from '../attributes';
import { castTo, recast } from '../cast';

/*
 * Where whole numbers have no whole result, TensorFlow throws, or stops the process: a division by zero, a negative power. TensorFlow.js
 * computes in float64, which holds every int32, and cuts off. So do these. Each leaves other types to the kernel before it.
 */

interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** ⌊a ÷ b⌋, and 0 where b is 0. */
export function floorDivide(backend: NodeBackend, { a, b }: Operands): Tensor | undefined {
  return inDoubles(backend, { a, b }, ['DivNoNan', 'Floor']);
}

/** a - b·⌊a ÷ b⌋, and 0 where b is 0. */
export function modulo(backend: NodeBackend, { a, b }: Operands): Tensor | undefined {
  return inDoubles(backend, { a, b }, ['FloorMod']);
}

/** a to the power of b, with its fraction cut off, and 0 where there is none. */
export function power(backend: NodeBackend, { a, b }: Operands): Tensor | undefined {
  return inDoubles(backend, { a, b }, ['Pow']);
}

/** Ops one after the other, the first on both operands; what is not finite then becomes 0 on the way through int64. */
function inDoubles(
  backend: NodeBackend,
  { a, b }: Operands,
  ops: readonly string[],
): Tensor | undefined {
  if (a.dtype !== 'int32' || b.dtype !== 'int32') return undefined;
  const { binding } = backend;
  const operands = backend
    .getInputTensorIds([a, b])
    .map((id) => castTo(binding, id, TF_INT32, TF_DOUBLE).id);
  const run = (op: string, ids: number[]) => {
    const [output] = binding.executeOp(op, [type('T', TF_DOUBLE)], ids, 1);
    for (const id of ids) binding.deleteTensor(id);
    return [(output as TensorMetadata).id];
  };
  const [result] = ops.reduce((ids, op) => run(op, ids), operands) as [number];
  const long = recast(binding, result, TF_DOUBLE, TF_INT64);
  return backend.createOutputTensor(recast(binding, long.id, TF_INT64, TF_INT32));
}
