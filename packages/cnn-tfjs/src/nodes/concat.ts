import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';

/** Inputs one after the other along the last axis, channels or units; each gets its part of ∂y. */
export function concat(): Operation {
  return (inputs, { tf }) => {
    const axis = (inputs[0] as Tensor).rank - 1;
    let end = 0;
    const starts = inputs.map(({ shape }) => {
      const start = end;
      end += shape[axis] as number;
      return start;
    });
    return {
      output: tf.concat([...inputs], axis),
      backward: (dy) => ({
        inputs: inputs.map(({ shape }, index) => () => {
          const begin = shape.map((_, at) => (at === axis ? (starts[index] as number) : 0));
          return tf.slice(dy, begin, shape);
        }),
      }),
    };
  };
}
