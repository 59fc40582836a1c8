import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend';
import { typeAttribute } from './attributes';

/**
 * tf.round. TensorFlow's own kernel turns int32 into zeros since 2.10, and there is nothing to round.
 */
export function round(backend: NodeBackend, x: TensorInfo): Tensor {
  const op = x.dtype === 'int32' ? 'Identity' : 'Round';
  return backend.executeSingleOutput(op, [typeAttribute('T', backend, x)], [x]);
}
