import type { Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT, TF_UINT8 } from '../binding/data-types';
import type { NodeBackend } from '../node-backend';
import { bool, type } from './attributes';

/** Bytes as float32: a quarter of the data goes to TensorFlow, which converts it. */
export function bytesToFloats(
  backend: NodeBackend,
  _inputs: unknown,
  { bytes, shape }: { bytes: Uint8Array; shape: readonly number[] },
): Tensor {
  const { binding } = backend;
  const input = binding.createTensor(shape, TF_UINT8, bytes);
  const attributes = [type('SrcT', TF_UINT8), type('DstT', TF_FLOAT), bool('Truncate', false)];
  try {
    const [output] = binding.executeOp('Cast', attributes, [input], 1);
    if (!output) throw new Error('TensorFlow returned no tensor for Cast.');
    return backend.createOutputTensor(output);
  } finally {
    binding.deleteTensor(input);
  }
}
