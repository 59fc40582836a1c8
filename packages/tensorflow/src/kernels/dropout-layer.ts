import type { Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT, TF_INT32 } from '../binding/data-types';
import { builtInClass } from '../layers-classes';
import { currentNodeBackend, type NodeBackend, writesGraph } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { integer, type } from './attributes';

/** tf.layers' dropout, of which TensorFlow.js exports no type. */
interface DropoutLayer {
  readonly rate: number;
  readonly noiseShape?: readonly number[];
  readonly seed?: number;
  call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor | Tensor[];
  invokeCallHook(inputs: Tensor | Tensor[], options: object): void;
}

/**
 * Has tf.layers' dropout draw its masks on the GPU while one of our backends computes there, and in a graph:
 * TensorFlow.js draws each number in JavaScript, and the GPU waits. Where a seed is given, or a shape, it stays as it was.
 */
export function replaceDropout(tf: TensorFlow): void {
  const prototype = builtInClass<DropoutLayer>(tf, 'Dropout')?.prototype;
  if (!prototype) return;
  const stock = prototype.call;
  prototype.call = function call(this: DropoutLayer, inputs, options) {
    const backend = currentNodeBackend(tf);
    const isPlain = this.seed == null && this.noiseShape == null && this.rate > 0 && this.rate < 1;
    const draws = backend && (backend.binding.isUsingGpuDevice() || writesGraph(backend));
    if (!draws || !isPlain || options.training !== true) {
      return stock.call(this, inputs, options);
    }
    this.invokeCallHook(inputs, options);
    const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
    return tf.tidy(() => tf.mul(x, keepFactors(tf, backend, x.shape, 1 - this.rate)));
  };
}

/** 1/share with probability `share`, else 0. */
function keepFactors(
  tf: TensorFlow,
  backend: NodeBackend,
  shape: readonly number[],
  share: number,
): Tensor {
  const sizes = tf.tensor1d([...shape], 'int32');
  const seeds = [integer('seed', 0), integer('seed2', 0)];
  const attributes = [type('dtype', TF_FLOAT), type('T', TF_INT32), ...seeds];
  const uniform = backend.executeSingleOutput('RandomUniform', attributes, [sizes]);
  return tf.div(tf.floor(tf.add(uniform, share)), share);
}
