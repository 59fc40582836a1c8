import type {
  KernelFunc,
  MaxPoolAttrs,
  MaxPoolGradAttrs,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import type { NodeBackend } from '../node-backend';
import { oneDnnMaxPool, oneDnnMaxPoolGradient } from './max-pool';
import { round } from './round';

/** A kernel that may leave a call to the one before it. */
type PartialKernel = (
  backend: NodeBackend,
  inputs: Record<string, TensorInfo>,
  attributes: unknown,
) => Tensor | undefined;

/** Puts our kernels in the place of tfjs-node's where ours are faster, or right. */
export function registerKernels(tf: TensorFlow, backendName: string): void {
  for (const [kernelName, kernel] of Object.entries(ourKernels(tf))) {
    const stock = tf.getKernel(kernelName, backendName).kernelFunc;
    const kernelFunc: KernelFunc = (call) => {
      const inputs = call.inputs as Record<string, TensorInfo>;
      return kernel(call.backend as NodeBackend, inputs, call.attrs) ?? stock(call);
    };
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}

function ourKernels(tf: TensorFlow): Record<string, PartialKernel> {
  return {
    [tf.Round]: (backend, { x }) => round(backend, x as TensorInfo),
    [tf.MaxPool]: (backend, { x }, attributes) =>
      oneDnnMaxPool(tf, backend, x as TensorInfo, attributes as MaxPoolAttrs),
    [tf.MaxPoolGrad]: (backend, inputs, attributes) =>
      oneDnnMaxPoolGradient(
        tf,
        backend,
        inputs as Record<'dy' | 'input' | 'output', TensorInfo>,
        attributes as MaxPoolGradAttrs,
      ),
  };
}
