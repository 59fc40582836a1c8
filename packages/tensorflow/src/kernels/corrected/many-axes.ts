import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';
import { type Inputs, wrapKernel } from '../partial-kernel';

/** TensorFlow's operations of two tensors broadcast over up to as many axes, neighbours that are broadcast alike counted as one. */
const BROADCAST_AXES = 4;

/** Has the operations of two tensors of `backendName` broadcast them whatever number of axes they have. */
export function broadcastManyAxes(tf: TensorFlow, backendName: string): void {
  const kernels = [
    ...[tf.Add, tf.Sub, tf.Multiply, tf.RealDiv, tf.FloorDiv, tf.Mod, tf.Pow, tf.Atan2],
    ...[tf.Maximum, tf.Minimum, tf.SquaredDifference, tf.LogicalAnd, tf.LogicalOr, tf.Equal],
    ...[tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual],
  ];
  for (const name of kernels) {
    wrapKernel(tf, backendName, name, (stock) => broadcasting(tf, stock));
  }
}

function broadcasting(tf: TensorFlow, stock: KernelFunc): KernelFunc {
  return (call) => {
    const { a, b } = call.inputs as Inputs<'a' | 'b'>;
    if (Math.max(a.shape.length, b.shape.length) <= BROADCAST_AXES) return stock(call);
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    if (broadcastAxes(a.shape, b.shape, shape) <= BROADCAST_AXES) return stock(call);
    return tf.tidy(() => {
      const inputs = {
        a: tf.broadcastTo(a as Tensor, shape),
        b: tf.broadcastTo(b as Tensor, shape),
      };
      return stock({ ...call, inputs }) as Tensor;
    });
  };
}

/** How many axes are left where neighbours that are broadcast alike are made one. */
function broadcastAxes(
  a: readonly number[],
  b: readonly number[],
  shape: readonly number[],
): number {
  const isBroadcast = (from: readonly number[], axis: number) =>
    (from[axis + from.length - shape.length] ?? 1) < shape[axis]!;
  const kinds = shape
    .map((_, axis) => `${isBroadcast(a, axis)} ${isBroadcast(b, axis)}`)
    .filter((_, axis) => shape[axis]! > 1);
  return kinds.filter((kind, index) => kind !== kinds[index - 1]).length;
}
