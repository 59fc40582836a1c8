import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { TfjsNode } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';

/** As many as TensorBoard's own writer makes. */
const DEFAULT_COUNT = 30;

/**
 * A histogram of all elements of `data` as TensorBoard has it: left edge, right edge and count of each bucket. Elements that are not
 * finite are left out. Values that are all the same make one bucket of the width 1 around them.
 */
export function histogramBuckets(
  tf: TensorFlow,
  data: Tensor,
  count: number = DEFAULT_COUNT,
): Tensor2D {
  if (!Number.isInteger(count) || count < 1) {
    throw new Error(`A histogram has a whole number of buckets, 1 or more, not ${count}.`);
  }
  const values = Array.from(data.dataSync<'float32'>(), Number).filter(Number.isFinite);
  if (values.length === 0) return tf.tensor2d([], [0, 3]);
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as readonly [number, number],
  );
  if (least === most) return tf.tensor2d([[least - 0.5, least + 0.5, values.length]]);
  const width = (most - least) / count;
  const edge = (index: number) => (index === count ? most : least + index * width);
  const counts = new Array<number>(count).fill(0);
  for (const value of values) {
    const index = Math.min(count - 1, Math.floor((value - least) / width));
    counts[index] = (counts[index] as number) + 1;
  }
  return tf.tensor2d(counts.map((size, index) => [edge(index), edge(index + 1), size]));
}

/** Has the summary writer make its histograms so; tfjs-node's own way stops at scalars, and shares edges out wrongly. */
export function writeHistograms(tf: TensorFlow, { NodeJSKernelBackend }: TfjsNode): void {
  const prototype = NodeJSKernelBackend.prototype as {
    buckets?(data: Tensor, count?: number): Tensor2D;
  };
  prototype.buckets = (data, count) => histogramBuckets(tf, data, count);
}
