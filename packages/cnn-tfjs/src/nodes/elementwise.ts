import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation, OperationContext } from '../network/operation';

/** A function of one value at a time, and what it multiplies the output's gradient by. */
export interface ElementwiseFunction {
  readonly output: Tensor;
  /** The function's derivative at each value. */
  derivative(): Tensor;
}

/** The operation of a function that is applied to each value: ∂x = ∂y · f′(x). */
export function elementwise(
  compute: (x: Tensor, tf: OperationContext['tf']) => ElementwiseFunction,
): Operation {
  return ([x], { tf }) => {
    const { output, derivative } = compute(x as Tensor, tf);
    return { output, backward: (dy) => ({ inputs: [() => tf.mul(dy, derivative())] }) };
  };
}
