import type { DataType, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';
import { wrapKernel } from '../partial-kernel';

/** From the narrowest to the widest. */
const NUMBERS: readonly DataType[] = ['bool', 'int32', 'float32'];

/** Has kernels of `backendName` take numbers of several types, all as the widest: TensorFlow wants them of one, and TensorFlow.js does not check. */
export function unifyTypes(tf: TensorFlow, backendName: string): void {
  const kernels = [
    ...[tf.Concat, tf.Einsum, tf.Select, tf.FusedBatchNorm, tf.MaxPoolGrad, tf.MaxPool3DGrad],
    ...[tf.Dilation2D, tf.Dilation2DBackpropInput, tf.Dilation2DBackpropFilter],
  ];
  for (const name of kernels) wrapKernel(tf, backendName, name, (stock) => unified(tf, stock));
}

function unified(tf: TensorFlow, stock: KernelFunc): KernelFunc {
  return (call) => {
    const { condition, ...others } = call.inputs as Readonly<
      Record<string, TensorInfo | undefined>
    >;
    const tensors = Object.entries(others).filter(
      (entry): entry is [string, TensorInfo] => !!entry[1],
    );
    const ranks = tensors.map(([, { dtype }]) => NUMBERS.indexOf(dtype));
    const widest = Math.max(...ranks);
    if (ranks.every((rank) => rank === widest) || ranks.includes(-1)) return stock(call);
    return tf.tidy(() => {
      const alike = tensors.map(([name, tensor]) => [
        name,
        tf.cast(tensor as Tensor, NUMBERS[widest] as DataType),
      ]);
      const named = { ...(condition && { condition }), ...Object.fromEntries(alike) };
      const inputs = Array.isArray(call.inputs) ? Object.values(named) : named;
      return stock({ ...call, inputs: inputs as typeof call.inputs }) as Tensor;
    });
  };
}
