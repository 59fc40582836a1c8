import type {
  RotateWithOffsetAttrs,
  Tensor,
  Tensor4D,
  TransformAttrs,
} from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { text, typeAttribute } from '../attributes';
import type { Inputs } from '../partial-kernel';

/** Images under projective transforms. */
export function transform(
  tf: TensorFlow,
  backend: NodeBackend,
  { image, transforms }: Inputs<'image' | 'transforms'>,
  { interpolation, fillMode, fillValue, outputShape }: TransformAttrs,
): Tensor {
  const attributes = [
    typeAttribute('dtype', backend, image),
    text('interpolation', interpolation.toUpperCase()),
    text('fill_mode', fillMode.toUpperCase()),
  ];
  const [, height = 0, width = 0] = image.shape;
  return tf.tidy(() => {
    const size = tf.tensor1d(outputShape ?? [height, width], 'int32');
    const inputs = [image, transforms, size, tf.scalar(fillValue)];
    return backend.executeSingleOutput('ImageProjectiveTransformV3', attributes, inputs);
  });
}

/** As full as a fourth channel, opacity, can be. */
const OPAQUE = 255;

/**
 * Images turned around a point by the nearest pixel, for which TensorFlow has no op: where each pixel comes from is worked out here,
 * once for all images, and TensorFlow gathers them. What comes from outside is the row behind all pixels.
 */
export function rotateWithOffset(
  tf: TensorFlow,
  { image }: Inputs<'image'>,
  { radians, fillValue, center }: RotateWithOffsetAttrs,
): Tensor {
  const [count, height, width, channels] = image.shape as Tensor4D['shape'];
  const sources = rotatedSources(
    height,
    width,
    radians,
    tf.backend_util.getImageCenter(center, height, width),
  );
  const fill = Array.from({ length: channels }, (_, channel) => {
    if (typeof fillValue === 'number') return fillValue;
    return channel === 3 ? OPAQUE : fillValue[channel];
  }) as number[];
  return tf.tidy(() => {
    const pixels = tf.reshape(image as Tensor4D, [count, height * width, channels]);
    const outside = tf.tile(tf.tensor3d(fill, [1, 1, channels], image.dtype), [count, 1, 1]);
    const gathered = tf.gather(tf.concat([pixels, outside], 1), sources, 1);
    return tf.reshape(gathered, [count, height, width, channels]);
  });
}

/** For each pixel the index of the one that it comes from, or of the one behind the last. */
function rotatedSources(
  height: number,
  width: number,
  radians: number,
  [centerX, centerY]: readonly [number, number],
): Int32Array {
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  return Int32Array.from({ length: height * width }, (_, index) => {
    const right = (index % width) - centerX;
    const down = Math.floor(index / width) - centerY;
    const x = Math.round(right * cosine - down * sine + centerX);
    const y = Math.round(right * sine + down * cosine + centerY);
    const isInside = x >= 0 && x < width && y >= 0 && y < height;
    return isInside ? y * width + x : height * width;
  });
}
