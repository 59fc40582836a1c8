import type { Window } from '@dlcmp/contract';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** `filter` [height, width, …] with zeros between its elements, so that each is `dilation` away from the next. */
export function dilateFilter(
  tf: TensorFlow,
  filter: Tensor4D,
  [vertical, horizontal]: Window['dilation'],
): Tensor4D {
  if (vertical === 1 && horizontal === 1) return filter;
  const [height, width, inputs, outputs] = filter.shape;
  const apart = tf.reshape(filter, [height, 1, width, 1, inputs * outputs]);
  const padded = tf.pad(apart, [
    ...([
      [0, 0],
      [0, vertical - 1],
      [0, 0],
      [0, horizontal - 1],
    ] as [number, number][]),
    [0, 0],
  ]);
  const spread = tf.reshape(padded, [height * vertical, width * horizontal, inputs, outputs]);
  const size = [(height - 1) * vertical + 1, (width - 1) * horizontal + 1, inputs, outputs];
  return tf.slice(spread, [0, 0, 0, 0], size) as Tensor4D;
}

/** The elements of a dilated filter's gradient that are not zeros between: the gradient of {@link dilateFilter}. */
export function thinFilter(
  tf: TensorFlow,
  gradient: Tensor,
  [vertical, horizontal]: Window['dilation'],
): Tensor {
  if (vertical === 1 && horizontal === 1) return gradient;
  return tf.stridedSlice(gradient, [0, 0, 0, 0], gradient.shape, [vertical, horizontal, 1, 1]);
}
