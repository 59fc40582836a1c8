import type { DataType } from '@tensorflow/tfjs-core';
import type { NodeBackend, TfjsNode } from '../node-backend';

/**
 * Has float32 values that a tensor's shape asks for and that are missing be NaN, as TensorFlow.js's backend `cpu` reads them; a
 * warning says so once a process. TensorFlow.js makes such tensors where it takes a list of tensors for numbers, as in its own
 * `TransformerDecoder` and `GPT2Backbone`. For whole and logical numbers, which have no NaN, they remain an error.
 */
export function completeValues({ NodeJSKernelBackend }: TfjsNode): void {
  const prototype = NodeJSKernelBackend.prototype as NodeBackend;
  const { move } = prototype;
  prototype.move = function (this: NodeBackend, dataId, values, shape, dtype, refCount) {
    move.call(this, dataId, withMissing(values, shape, dtype), shape, dtype, refCount);
  };
}

function withMissing<Values>(
  values: Values,
  shape: readonly number[],
  dtype: DataType,
): Values | Float32Array {
  if (dtype !== 'float32' || !(values instanceof Float32Array)) return values;
  const count = shape.reduce((product, size) => product * size, 1);
  if (values.length >= count) return values;
  warnOnce(values.length, shape);
  const completed = new Float32Array(count).fill(Number.NaN);
  completed.set(values);
  return completed;
}

let isWarned = false;

function warnOnce(count: number, shape: readonly number[]): void {
  if (isWarned) return;
  isWarned = true;
  process.emitWarning(
    `A tensor of shape [${shape}] has ${count} values: those missing are NaN, and so is what is computed from them. Mostly a list of tensors was given where one tensor belongs: hand its elements over, or tf.stack them.`,
    { code: 'DLCMP_MISSING_VALUES' },
  );
}
