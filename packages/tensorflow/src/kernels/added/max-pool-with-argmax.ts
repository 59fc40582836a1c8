import type { MaxPoolWithArgmaxAttrs, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { TF_INT32, TF_INT64 } from '../../binding/data-types';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { bool, integers, text, type, typeAttribute } from '../attributes';
import { recast } from '../cast';
import { pad as addMargins } from '../corrected/explicit-padding';
import { type Margins, marginsOf } from '../corrected/margins';
import type { Inputs } from '../partial-kernel';

type Shape4D = [number, number, number, number];

/** Max-pooling, and where each maximum was. */
export function maxPoolWithArgmax(
  tf: TensorFlow,
  backend: NodeBackend,
  { x }: Inputs<'x'>,
  attributes: MaxPoolWithArgmaxAttrs,
): Tensor[] {
  if (typeof attributes.pad === 'string') return poolWithArgmax(tf, backend, { x }, attributes);
  const window = { of: 'pool', dimensions: 2 } as const;
  const margins = marginsOf(tf, window, { x }, attributes as unknown as NamedAttrMap);
  return tf.tidy(() => {
    const padded = addMargins(tf, x as Tensor, margins, 'least');
    const valid = { ...attributes, pad: 'valid' as const };
    const [maxima, places] = poolWithArgmax(tf, backend, { x: padded }, valid);
    return [maxima!, withoutMargins(tf, places!, padded.shape as Shape4D, margins)];
  });
}

function poolWithArgmax(
  { backend_util }: TensorFlow,
  backend: NodeBackend,
  { x }: Inputs<'x'>,
  { filterSize, strides, pad, includeBatchInIndex }: MaxPoolWithArgmaxAttrs,
): Tensor[] {
  const shape = x.shape as Shape4D;
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, [1, 1], pad);
  const attributes = [
    typeAttribute('T', backend, x),
    type('Targmax', TF_INT64),
    integers('ksize', [1, info.filterHeight, info.filterWidth, 1]),
    integers('strides', [1, info.strideHeight, info.strideWidth, 1]),
    text('padding', info.padInfo.type),
    bool('include_batch_in_index', includeBatchInIndex),
  ];
  const ids = backend.getInputTensorIds([x]);
  const [maxima, places] = backend.binding.executeOp('MaxPoolWithArgmax', attributes, ids, 2);
  const indices = recast(backend.binding, places!.id, TF_INT64, TF_INT32);
  return [backend.createOutputTensor(maxima!), backend.createOutputTensor(indices)];
}

/** Places in a padded image, ((image · height + row) · width + column) · channels + channel, as those in the image itself. */
function withoutMargins(
  tf: TensorFlow,
  places: Tensor,
  [, height, width, channels]: Shape4D,
  margins: Margins,
): Tensor {
  const [, [top, bottom], [left, right]] = margins as [never, [number, number], [number, number]];
  const by = (size: number) => tf.scalar(size, 'int32');
  const columns = tf.floorDiv(places, by(channels));
  const rows = tf.floorDiv(columns, by(width));
  const row = tf.sub(tf.mod(rows, by(height)), by(top));
  const column = tf.sub(tf.mod(columns, by(width)), by(left));
  const image = tf.floorDiv(rows, by(height));
  const inner = tf.add(tf.mul(image, by(height - top - bottom)), row);
  const pixel = tf.add(tf.mul(inner, by(width - left - right)), column);
  return tf.add(tf.mul(pixel, by(channels)), tf.mod(places, by(channels)));
}
