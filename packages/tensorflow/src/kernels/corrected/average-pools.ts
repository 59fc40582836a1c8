import type { KernelFunc, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';
import { wrapKernel } from '../partial-kernel';
import { cutMargins, pad } from './explicit-padding';
import { marginsOf, type Window, withoutPadding } from './margins';

/*
 * Averages with padding in numbers: of what is inside alone, so that the average over a padded window is divided by the share
 * of it that is inside.
 */

/** Has the average pools of `backendName`, and their gradients, take padding in numbers. */
export function averageInside(tf: TensorFlow, backendName: string): void {
  for (const dimensions of [2, 3] as const) {
    const window = { of: 'pool', dimensions } as const;
    const [pool, gradient] =
      dimensions === 2 ? [tf.AvgPool, tf.AvgPoolGrad] : [tf.AvgPool3D, tf.AvgPool3DGrad];
    const stockPool = tf.getKernel(pool, backendName).kernelFunc;
    wrapKernel(tf, backendName, pool, (stock) => average(tf, stock, window));
    wrapKernel(tf, backendName, gradient, (stock) => averageGradient(tf, stock, stockPool, window));
  }
}

function average(tf: TensorFlow, stock: KernelFunc, window: Window): KernelFunc {
  return (call) => {
    const attributes = call.attrs as NamedAttrMap;
    if (typeof attributes.pad === 'string') return stock(call);
    const { x } = call.inputs as { x: TensorInfo };
    const margins = marginsOf(tf, window, { x }, attributes);
    const attrs = withoutPadding(attributes);
    return tf.tidy(() => {
      const pool = (tensor: Tensor) =>
        stock({ ...call, inputs: { x: pad(tf, tensor, margins, 'zeros') }, attrs }) as Tensor;
      const averages = pool(tf.cast(x as Tensor, 'float32'));
      return tf.cast(tf.div(averages, pool(tf.ones(x.shape))), x.dtype);
    });
  };
}

function averageGradient(
  tf: TensorFlow,
  stock: KernelFunc,
  stockPool: KernelFunc,
  window: Window,
): KernelFunc {
  return (call) => {
    const attributes = call.attrs as NamedAttrMap;
    if (typeof attributes.pad === 'string') return stock(call);
    const { dy, input } = call.inputs as { dy: TensorInfo; input: TensorInfo };
    const margins = marginsOf(tf, window, { dy, input }, attributes);
    const attrs = withoutPadding(attributes);
    return tf.tidy(() => {
      const inside = pad(tf, tf.ones(input.shape), margins, 'zeros');
      const shares = stockPool({ ...call, inputs: { x: inside }, attrs }) as Tensor;
      const divided = tf.div(dy as Tensor, shares);
      const gradient = stock({ ...call, inputs: { dy: divided, input: inside }, attrs });
      return cutMargins(tf, gradient as Tensor, margins);
    });
  };
}
