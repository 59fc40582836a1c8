import type { OpAttribute } from '../binding/op-attributes';
import type { NodeBackend } from '../node-backend';
import { text } from './attributes';

/**
 * oneDNN's kernels, which TensorFlow uses by itself on processors with AVX-512 alone, are asked for by their own names.
 * Under this label they leave the layout of their tensors as it is.
 */
export const ONEDNN_LABEL: OpAttribute = text('_kernel', 'MklNameChangeOp');

/** An op that only oneDNN has a kernel for. */
export const ONEDNN_OP = '_MklNativeConv2D';

const availability = new WeakMap<NodeBackend, boolean>();

/** Whether this TensorFlow has oneDNN's kernels, which it has on x86, and computes on the CPU. */
export function hasOneDnn(backend: NodeBackend): boolean {
  const known = availability.get(backend);
  if (known !== undefined) return known;
  const { binding } = backend;
  // On a GPU the kernels would be run by the CPU, and everything copied there and back.
  const has = !binding.isUsingGpuDevice() && binding.hasKernel(ONEDNN_OP);
  availability.set(backend, has);
  return has;
}
