import { TF_FLOAT } from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { NodeBackend } from '../node-backend';
import { integers, text, type } from './attributes';

/**
 * oneDNN's kernels, which TensorFlow uses by itself on processors with AVX-512 alone, are asked for by their own names.
 * Under this label they leave the layout of their tensors as it is.
 */
export const ONEDNN_LABEL: OpAttribute = text('_kernel', 'MklNameChangeOp');

const availability = new WeakMap<NodeBackend, boolean>();

/** Whether this TensorFlow has oneDNN's kernels, which it has on x86, and computes on the CPU. */
export function hasOneDnn(backend: NodeBackend): boolean {
  const known = availability.get(backend);
  if (known !== undefined) return known;
  // On a GPU the kernels would be run by the CPU, and everything copied there and back.
  const has = !backend.binding.isUsingGpuDevice() && multipliesWithOneDnn(backend);
  availability.set(backend, has);
  return has;
}

function multipliesWithOneDnn({ binding }: NodeBackend): boolean {
  const x = binding.createTensor([1, 2, 2, 1], TF_FLOAT, new Float32Array(4));
  const filter = binding.createTensor([1, 1, 1, 1], TF_FLOAT, Float32Array.of(1));
  const ones = [1, 1, 1, 1];
  const attributes = [
    type('T', TF_FLOAT),
    integers('strides', ones),
    integers('dilations', ones),
    text('padding', 'VALID'),
    text('data_format', 'NHWC'),
    ONEDNN_LABEL,
  ];
  try {
    for (const { id } of binding.executeOp('_MklNativeConv2D', attributes, [x, filter], 1)) {
      binding.deleteTensor(id);
    }
    return true;
  } catch {
    return false;
  } finally {
    for (const id of [x, filter]) binding.deleteTensor(id);
  }
}
