import type { DataId, DataStorage } from '@tensorflow/tfjs-core';
import type { NativeBinding } from '../binding/native-binding';
import { registerKernels } from '../kernels/register-kernels';
import { loadTfjsNode, type NodeBackend, type TensorData } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import type { GraphBinding } from './graph-binding';

/** Has a backend that writes into `graph` be current while `trace` runs, and disposes what that makes. */
export function withGraphBackend<Result>(
  tf: TensorFlow,
  engineName: string,
  graph: GraphBinding,
  trace: (backend: NodeBackend) => Result,
): Result {
  const name = `${engineName}-graph`;
  const { NodeJSKernelBackend } = loadTfjsNode(tf, name);
  registerKernels(tf, name);
  // It stands in for the binding that computes.
  const backend = new NodeJSKernelBackend(graph as unknown as NativeBinding, name);
  keepApart(tf, backend);
  tf.registerBackend(name, () => backend, 0);
  const current = tf.getBackend();
  void tf.setBackend(name);
  const engine = tf.engine();
  engine.startScope();
  try {
    return trace(backend);
  } finally {
    engine.endScope();
    void tf.setBackend(current);
    tf.removeBackend(name);
    for (const { kernelName } of tf.getKernelsForBackend(name)) {
      tf.unregisterKernel(kernelName, name);
    }
  }
}

/** Other backends' tensors are not moved to it, and data that nobody asked for is not looked at when it is disposed. */
function keepApart(tf: TensorFlow, backend: NodeBackend): void {
  const data: DataStorage<TensorData> = new tf.DataStorage(backend, {
    moveData: () => {
      throw new Error('A tensor that the graph does not know was used in it.');
    },
  });
  Object.assign(backend, {
    tensorMap: data,
    disposeData(dataId: DataId, force = false) {
      if (!data.has(dataId)) return true;
      const isDisposed = --data.get(dataId).refCount <= 0 || force;
      if (isDisposed) data.delete(dataId);
      return isDisposed;
    },
  });
}
