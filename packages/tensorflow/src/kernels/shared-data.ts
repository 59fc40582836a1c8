import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend, TfjsNode } from '../node-backend';

/** Data of a reshaped tensor, which TensorFlow shares with that of the tensor itself. */
const sharing = new WeakSet<DataId>();
const counts = new WeakMap<NodeBackend, number>();

/** Notes that a tensor shares another one's data. */
export function noteShared(backend: NodeBackend, { dataId }: TensorInfo): void {
  sharing.add(dataId);
  counts.set(backend, countOf(backend) + 1);
}

const countOf = (backend: NodeBackend) => counts.get(backend) ?? 0;

/**
 * Has shared data be counted once, as on TensorFlow.js's other backends: its leak checks take the second one for data that is
 * left behind.
 */
export function countSharedOnce({ NodeJSKernelBackend }: TfjsNode): void {
  const prototype = NodeJSKernelBackend.prototype as NodeBackend;
  const { disposeData } = prototype;
  prototype.numDataIds = function (this: NodeBackend) {
    return this.tensorMap.numDataIds() - countOf(this);
  };
  prototype.disposeData = function (this: NodeBackend, dataId, force) {
    const isDisposed = disposeData.call(this, dataId, force);
    if (isDisposed && sharing.delete(dataId)) counts.set(this, countOf(this) - 1);
    return isDisposed;
  };
}
