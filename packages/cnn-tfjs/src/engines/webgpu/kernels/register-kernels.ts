import { BYTES_TO_FLOATS, RELU_GRADIENT } from '@dlcmp/tensorflow/engine';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { KernelConfig, KernelFunc, SumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import { bytesToFloats } from './bytes-to-floats';
import { convolutionFilterGradient, convolutionInputGradient, convolve } from './convolution';
import { matMul } from './mat-mul';
import { maxPool, maxPoolGradient } from './max-pool';
import { reluGradient } from './relu-gradient';
import { sumOverRows } from './sum-over-rows';

/** A kernel that may leave a call to TensorFlow.js's own, which promises the inputs and attributes that come with a name. */
type PartialKernel = (
  backend: WebGPUBackend,
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows its own.
  inputs: any,
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows its own.
  attributes: any,
) => TensorInfo | undefined;

/** Registers under `backendName` the kernels of `stock`, with ours where ours are faster, or right. */
export function registerKernels(
  tf: TensorFlow,
  backendName: string,
  stock: readonly KernelConfig[],
): void {
  const byName = new Map(stock.map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));
  for (const [kernelName, kernel] of Object.entries(ourKernels(tf))) {
    const fallback = byName.get(kernelName);
    const kernelFunc: KernelFunc = (call) => {
      const result = kernel(call.backend as WebGPUBackend, call.inputs, call.attrs);
      if (!result && !fallback) throw new Error(`cnn-tfjs's ${kernelName} cannot compute this.`);
      return result ?? (fallback as KernelFunc)(call);
    };
    byName.set(kernelName, kernelFunc);
  }
  for (const [kernelName, kernelFunc] of byName) {
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}

function ourKernels(tf: TensorFlow): Record<string, PartialKernel> {
  return {
    [tf.Conv2D]: (backend, inputs, attributes) => convolve(tf, backend, inputs, attributes),
    [tf.Conv2DBackpropInput]: (backend, inputs, attributes) =>
      convolutionInputGradient(tf, backend, inputs, attributes),
    [tf.Conv2DBackpropFilter]: (backend, inputs, attributes) =>
      convolutionFilterGradient(tf, backend, inputs, attributes),
    [tf.MaxPool]: (backend, inputs, attributes) => maxPool(tf, backend, inputs, attributes),
    [tf.MaxPoolGrad]: (backend, inputs, attributes) =>
      maxPoolGradient(tf, backend, inputs, attributes),
    [tf.BatchMatMul]: matMul,
    [tf.Sum]: (backend, inputs, attributes) => sum(tf, backend, inputs, attributes),
    [RELU_GRADIENT]: reluGradient,
    [BYTES_TO_FLOATS]: (backend, _, attributes) => bytesToFloats(backend, attributes),
  };
}

/** A sum over a matrix's rows, as the gradient of a bias is. */
function sum(
  tf: TensorFlow,
  backend: WebGPUBackend,
  { x }: { readonly x: TensorInfo },
  { axis, keepDims }: SumAttrs,
): TensorInfo | undefined {
  const [rows, columns, ...rest] = x.shape;
  const [first, ...others] = tf.util.parseAxisParam(axis, x.shape);
  const isOverRows = first === 0 && others.length === 0 && rest.length === 0;
  if (!isOverRows || !rows || !columns || keepDims || x.dtype !== 'float32') return undefined;
  return sumOverRows(backend, x, rows, columns);
}
