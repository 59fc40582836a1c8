import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { shouldTile } from '../winograd/tile-pools';
import {
  winogradConv2D,
  winogradFilterGradient,
  winogradFusedConv2D,
  winogradInputGradient,
} from '../winograd/winograd-convolution';
import { addedKernels } from './added';
import { bytesToFloats } from './bytes-to-floats';
import {
  convolveRectifyPool,
  fusedConv2D,
  oneDnnConv2D,
  oneDnnConv2DFilterGradient,
  oneDnnConv2DInputGradient,
} from './convolution';
import { correctKernels } from './corrected';
import { answerEmptyWindows } from './corrected/empty-windows';
import { oneDnnDepthwiseConv2D } from './depthwise-convolution';
import { oneDnnMatMul } from './mat-mul';
import { argmaxPool, argmaxPoolGradient, oneDnnMaxPool, oneDnnMaxPoolGradient } from './max-pool';
import { BYTES_TO_FLOATS, CONVOLVE_RECTIFY_POOL, RELU_GRADIENT } from './own-kernels';
import { addKernel, type PartialKernel, wrapKernel } from './partial-kernel';
import { reluGradient } from './relu-gradient';
import { round } from './round';
import { castInJavaScript, reshapeToSame } from './same-values';
import { sumOverRows } from './sum-over-rows';

/** Puts our kernels in the place of tfjs-node's where ours are faster, or right. */
export function registerKernels(tf: TensorFlow, backendName: string): void {
  answerEmptyWindows(tf, backendName);
  for (const [kernelName, kernel] of Object.entries(ourKernels(tf))) {
    wrapKernel(tf, backendName, kernelName, (stock) => (call) => {
      const { backend, inputs, attrs } = call;
      return kernel(backend as NodeBackend, inputs, attrs) ?? stock(call);
    });
  }
  const added = { ...ourOwnKernels(tf), ...addedKernels(tf) };
  for (const [kernelName, kernel] of Object.entries(added)) {
    addKernel(tf, backendName, kernelName, kernel);
  }
  correctKernels(tf, backendName);
}

/** Kernels for what TensorFlow.js has no name for. */
function ourOwnKernels(tf: TensorFlow): Record<string, PartialKernel> {
  return {
    [RELU_GRADIENT]: reluGradient,
    [BYTES_TO_FLOATS]: bytesToFloats,
    [CONVOLVE_RECTIFY_POOL]: (backend, inputs) => convolveRectifyPool(tf, backend, inputs),
  };
}

/** A kernel that works shapes out with the help of TensorFlow.js. */
type GeometricKernel<Inputs, Attributes> = (
  tensorFlow: TensorFlow,
  backend: NodeBackend,
  inputs: Inputs,
  attributes: Attributes,
) => Tensor | undefined;

/** Each undefined where TensorFlow's own serves. */
interface DeviceKernels<Inputs, Attributes> {
  readonly tiles?: GeometricKernel<Inputs, Attributes>;
  readonly cpu?: GeometricKernel<Inputs, Attributes>;
  readonly gpu?: GeometricKernel<Inputs, Attributes>;
}

function ourKernels(tf: TensorFlow): Record<string, PartialKernel> {
  const geometric =
    <Inputs, Attributes>(kernel: GeometricKernel<Inputs, Attributes>): PartialKernel =>
    (backend, inputs, attributes) =>
      kernel(tf, backend, inputs, attributes);
  /** The kernel for the CPU by tiles where that is faster, another one for the rest of it, and one for a GPU. */
  const byDevice =
    <Inputs, Attributes>({ tiles, cpu, gpu }: DeviceKernels<Inputs, Attributes>): PartialKernel =>
    (backend, inputs, attributes) => {
      const kernels = backend.binding.isUsingGpuDevice()
        ? [gpu]
        : [shouldTile(backend) ? tiles : undefined, cpu];
      for (const kernel of kernels) {
        const result = kernel?.(tf, backend, inputs, attributes);
        if (result) return result;
      }
      return undefined;
    };
  return {
    [tf.Cast]: (backend, { x }, attributes) => castInJavaScript(backend, x, attributes),
    [tf.Reshape]: (backend, { x }, attributes) => reshapeToSame(backend, x, attributes),
    [tf.Round]: (backend, { x }) => round(backend, x),
    [tf.Sum]: geometric(sumOverRows),
    [tf.BatchMatMul]: oneDnnMatMul,
    [tf.Conv2D]: byDevice({ tiles: winogradConv2D, cpu: oneDnnConv2D }),
    // On a GPU it is untried.
    [tf.FusedConv2D]: byDevice({ tiles: winogradFusedConv2D, cpu: fusedConv2D }),
    [tf.Conv2DBackpropInput]: byDevice({
      tiles: winogradInputGradient,
      cpu: oneDnnConv2DInputGradient,
    }),
    [tf.Conv2DBackpropFilter]: byDevice({
      tiles: winogradFilterGradient,
      cpu: oneDnnConv2DFilterGradient,
    }),
    [tf.DepthwiseConv2dNative]: geometric(oneDnnDepthwiseConv2D),
    [tf.MaxPool]: byDevice({ cpu: oneDnnMaxPool, gpu: argmaxPool }),
    [tf.MaxPoolGrad]: byDevice({ cpu: oneDnnMaxPoolGradient, gpu: argmaxPoolGradient }),
  };
}
