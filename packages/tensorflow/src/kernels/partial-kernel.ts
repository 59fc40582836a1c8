import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';

/**
 * A kernel that may leave a call to the one before it, by returning undefined. Which inputs and attributes come with a kernel's
 * name, TensorFlow.js promises.
 */
export type PartialKernel = (
  backend: NodeBackend,
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows its own.
  inputs: any,
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows its own.
  attributes: any,
) => TensorInfo | TensorInfo[] | undefined;

/** Inputs of a kernel, by their names. */
export type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** Registers a kernel that `backendName` has none of. */
export function addKernel(
  tf: TensorFlow,
  backendName: string,
  kernelName: string,
  kernel: PartialKernel,
): void {
  const kernelFunc: KernelFunc = ({ backend, inputs, attrs }) =>
    kernel(backend as NodeBackend, inputs, attrs) as TensorInfo;
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

/** Puts what `wrap` makes of a kernel in its place. */
export function wrapKernel(
  tf: TensorFlow,
  backendName: string,
  kernelName: string,
  wrap: (stock: KernelFunc) => KernelFunc,
): void {
  const config = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...config, kernelFunc: wrap(config.kernelFunc) });
}
