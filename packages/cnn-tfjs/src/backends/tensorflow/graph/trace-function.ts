import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { normalise } from '../../../model/pixel-input';
import type { TensorFlow } from '../../../tensorflow-modules';
import { TF_FLOAT, TF_UINT8 } from '../binding/data-types';
import type { NativeBinding, TensorMetadata } from '../binding/native-binding';
import type { TensorFlowEngine } from '../engine';
import { bool, type } from '../kernels/attributes';
import { registerKernels } from '../kernels/register-kernels';
import { loadTfjsNode, type NodeBackend } from '../node-backend';
import { GraphBinding } from './graph-binding';
import { type FunctionPorts, makeStepFunction, type StepFunction } from './step-function';

/**
 * Makes a function of TensorFlow's out of what `trace` computes with a backend that writes everything into a graph, by
 * TensorFlow.js's own operations and layers.
 */
export function traceFunction(
  tf: TensorFlow,
  { name, backend: { binding } }: TensorFlowEngine,
  trace: (backend: NodeBackend, graph: GraphBinding) => FunctionPorts,
): StepFunction {
  const graphName = `${name}-graph`;
  const graph = new GraphBinding(binding.eager);
  const { NodeJSKernelBackend } = loadTfjsNode(tf, graphName);
  registerKernels(tf, graphName);
  // It stands in for the binding that computes.
  const backend = new NodeJSKernelBackend(graph as unknown as NativeBinding, graphName);
  tf.registerBackend(graphName, () => backend, 0);
  const current = tf.getBackend();
  void tf.setBackend(graphName);
  const engine = tf.engine();
  engine.startScope();
  try {
    return makeStepFunction(binding.eager, graph, trace(backend, graph));
  } finally {
    engine.endScope();
    void tf.setBackend(current);
    tf.removeBackend(graphName);
    for (const { kernelName } of tf.getKernelsForBackend(graphName)) {
      tf.unregisterKernel(kernelName, graphName);
    }
  }
}

/** A uint8 value of the graph, which TensorFlow.js has no type for, as float32. */
export function bytesToFloats(backend: NodeBackend, { id, shape }: TensorMetadata): Tensor {
  const attributes = [type('SrcT', TF_UINT8), type('DstT', TF_FLOAT), bool('Truncate', false)];
  const [cast] = backend.binding.executeOp('Cast', attributes, [id], 1) as [TensorMetadata];
  return backend.createOutputTensor({ ...cast, shape });
}

/** Images of float32 bytes [count × height × width × 3], normalised. */
export function normaliseInGraph(tf: TensorFlow, bytes: Tensor4D): Tensor4D {
  const [count, inputHeight, inputWidth] = bytes.shape;
  const rows = tf.reshape(bytes, [count * inputHeight, inputWidth * 3]) as Tensor2D;
  return normalise(tf, rows, count, { inputHeight, inputWidth });
}
