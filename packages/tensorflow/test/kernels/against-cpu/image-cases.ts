import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';
import { mixedTensor, smallTensor } from './edge-values';
import type { KernelCase } from './kernel-case';

const boxes = (tf: TensorFlow) =>
  tf.tensor2d(
    [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1],
    [5, 4],
  );
const SCORES = [0.9, 0.75, 0.6, 0.95, 0.5];

/** Images and boxes on them. */
const IMAGES: Readonly<Record<string, (tf: TensorFlow, image: Tensor4D) => Tensor | Tensor[]>> = {
  flipLeftRight: (tf, x) => tf.image.flipLeftRight(x),
  resizeBilinear: (tf, x) => [
    tf.image.resizeBilinear(x, [7, 3]),
    tf.image.resizeBilinear(x, [7, 3], true),
    tf.image.resizeBilinear(x, [7, 3], false, true),
  ],
  resizeNearestNeighbor: (tf, x) => [
    tf.image.resizeNearestNeighbor(x, [7, 3]),
    tf.image.resizeNearestNeighbor(x, [7, 3], true),
    tf.image.resizeNearestNeighbor(x, [7, 3], false, true),
  ],
  'gradients of resizing': (tf) =>
    [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor].map((resize) =>
      tf.grad((image) => resize(image as Tensor4D, [7, 7]))(mixedTensor(tf, [2, 4, 4, 3])),
    ),
  cropAndResize: (tf, x) =>
    (['bilinear', 'nearest'] as const).map((method) =>
      tf.image.cropAndResize(
        ...([
          x,
          tf.tensor2d([0.1, 0, 0.8, 1, 0.5, -0.2, 1.2, 0.7], [2, 4]),
          tf.tensor1d([1, 0], 'int32'),
        ] as const),
        ...([[3, 2], method, 9] as const as [[number, number], 'bilinear', number]),
      ),
    ),
  rotateWithOffset: (tf, x) => [
    tf.image.rotateWithOffset(tf.cast(x, 'float32') as Tensor4D, 0.7, 3),
    tf.image.rotateWithOffset(
      tf.cast(x, 'float32') as Tensor4D,
      Math.PI / 2,
      [1, 2, 3],
      [0.25, 0.75],
    ),
  ],
  transform: (tf, x) => {
    const image = tf.slice(x, 0, 1) as Tensor4D;
    const moves = tf.tensor2d([1.1, 0.2, -0.3, 0.1, 0.9, 0.2, 0.01, 0], [1, 8]);
    return (['bilinear', 'nearest'] as const).flatMap((method) =>
      (['constant', 'reflect', 'wrap', 'nearest'] as const).map((mode) =>
        tf.image.transform(image, moves, method, mode, 2, [5, 4]),
      ),
    );
  },
  'transform of several images': (tf, x) =>
    tf.image.transform(x, tf.tensor2d([1, 0.2, -1, 0.1, 1, 0, 0, 0], [1, 8]), 'bilinear', 'wrap'),
  'non-max suppression': (tf) => [
    tf.image.nonMaxSuppression(boxes(tf), SCORES, 3, 0.5, 0.55),
    ...Object.values(tf.image.nonMaxSuppressionWithScore(boxes(tf), SCORES, 5, 1, 0.1, 0.5)),
    ...Object.values(tf.image.nonMaxSuppressionPadded(boxes(tf), SCORES, 5, 0.5, 0, true)),
  ],
  'soft non-max suppression with a threshold': (tf) =>
    Object.values(tf.image.nonMaxSuppressionWithScore(boxes(tf), SCORES, 5, 0.5, 0.1, 0.5)),
  'colours and thresholds': (tf) => {
    const colours = tf.cast(tf.reshape(tf.range(0, 60), [4, 5, 3]), 'int32') as Tensor3D;
    return [tf.image.rgbToGrayscale(colours), tf.image.threshold(colours, 'otsu')];
  },
  localResponseNormalization: (tf, x) => [
    tf.localResponseNormalization(tf.cast(x, 'float32') as Tensor4D, 1, 1, 0.5, 0.5),
  ],
  'gradient of local response': (tf, x) =>
    tf.grad((image) => tf.localResponseNormalization(image as Tensor4D, 1, 1, 0.5, 0.5))(
      tf.cast(x, 'float32'),
    ),
};

/** What works on images and on boxes, of each type. */
export function imageCases(): KernelCase[] {
  return Object.entries(IMAGES).flatMap(([name, compute]) =>
    (['float32', 'int32'] as const).map((dtype) => ({
      name: `${name} ${dtype}`,
      compute: (tf: TensorFlow) => compute(tf, smallTensor(tf, [2, 4, 5, 3], dtype) as Tensor4D),
    })),
  );
}
