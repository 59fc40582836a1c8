import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend';
import { typeAttribute } from './attributes';

/** dy where `y`, a rectifier's output or its input, is positive, else 0. */
export function reluGradient(
  backend: NodeBackend,
  { dy, y }: { dy: TensorInfo; y: TensorInfo },
): Tensor {
  return backend.executeSingleOutput('ReluGrad', [typeAttribute('T', backend, y)], [dy, y]);
}
