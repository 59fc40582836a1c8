import type { Tensor, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';
import { mixedTensor, smallTensor } from './edge-values';
import type { KernelCase } from './kernel-case';

type Layers = Readonly<Record<string, (tf: TensorFlow) => Tensor | Tensor[]>>;

/** Layers of networks, of images as programs may have them: channels first, none, or of whole numbers. */
export function unusualImageCases(): KernelCase[] {
  const cases = { ...channelsFirst(), ...ofNothing(), ...ofWholeNumbers() };
  return Object.entries(cases).map(([name, compute]) => ({ name, compute }));
}

/** Images whose channels come first, with strides, dilations and padding that differ from axis to axis. */
function channelsFirst(): Layers {
  const geometries = [
    ...[[1, 'same'] as const, [2, 1] as const, [[2, 1], 'valid'] as const],
    ...[[1, 'same', [1, 2]] as const],
  ] as readonly (readonly [number | [number, number], 'same' | 1, [number, number]?])[];
  return Object.fromEntries(
    geometries.map(([strides, pad, dilation = [1, 1]]) => [
      `conv2d, channels first, ${JSON.stringify([strides, pad, dilation])}`,
      (tf: TensorFlow) => {
        const operands = [mixedTensor(tf, [2, 3, 6, 7]), mixedTensor(tf, [3, 3, 3, 4])] as const;
        const conv = (x: Tensor, filter: Tensor) =>
          tf.conv2d(x as Tensor4D, filter as Tensor4D, strides, pad, 'NCHW', dilation);
        const isDilated = dilation[1] > 1;
        return [conv(...operands), ...(isDilated ? [] : tf.grads(conv)([...operands]))];
      },
    ]),
  );
}

/** Batches of no images, and images without channels, through layers and back. */
function ofNothing(): Layers {
  const images = (tf: TensorFlow) => tf.zeros([0, 4, 4, 3]);
  const filter = (tf: TensorFlow) => mixedTensor(tf, [2, 2, 3, 2]) as Tensor4D;
  const bias = (tf: TensorFlow, size: number) => mixedTensor(tf, [size]);
  const fused = (tf: TensorFlow) =>
    ({ x: images(tf) as Tensor4D, filter: filter(tf), strides: 1, pad: 'same' }) as const;
  return {
    'convolutions of no images': (tf) => [
      ...tf.grads((x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'))([
        images(tf),
        filter(tf),
      ]),
      tf.conv2d(images(tf) as Tensor4D, filter(tf), 1, 'same'),
      tf.depthwiseConv2d(images(tf) as Tensor4D, filter(tf), 1, 1),
      tf.fused.conv2d({ ...fused(tf), bias: bias(tf, 2), activation: 'relu' }),
      tf.fused.depthwiseConv2d({ ...fused(tf), bias: bias(tf, 6), activation: 'relu' }),
    ],
    'pools of no images': (tf) =>
      [tf.maxPool, tf.avgPool].flatMap((pool) => [
        pool(images(tf) as Tensor4D, 2, 2, 'same'),
        tf.grad((x) => pool(x as Tensor4D, 2, 2, 'valid') as Tensor)(images(tf)),
      ]),
    'conv2d of no channels': (tf) =>
      tf.conv2d(tf.zeros([1, 4, 4, 0]) as Tensor4D, tf.zeros([2, 2, 0, 3]) as Tensor4D, 1, 'same'),
  };
}

/** Images of whole numbers through layers whose weights are fractions, and through those that have none. */
function ofWholeNumbers(): Layers {
  const whole = (tf: TensorFlow, shape: number[], dtype: 'int32' | 'bool') =>
    smallTensor(tf, shape, dtype);
  return Object.fromEntries(
    (['int32', 'bool'] as const).flatMap((dtype) => {
      const image = (tf: TensorFlow) => whole(tf, [1, 4, 4, 3], dtype) as Tensor4D;
      const room = (tf: TensorFlow) => whole(tf, [1, 4, 4, 4, 2], dtype) as Tensor5D;
      const layers: Layers = {
        convolutions: (tf) => [
          tf.conv2d(image(tf), mixedTensor(tf, [3, 3, 3, 2]) as Tensor4D, 1, 1),
          tf.depthwiseConv2d(image(tf), mixedTensor(tf, [3, 3, 3, 2]) as Tensor4D, 1, 'same'),
          tf.conv2dTranspose(
            ...([image(tf), mixedTensor(tf, [2, 2, 2, 3]) as Tensor4D] as const),
            ...([[1, 8, 8, 2], 2, 'same'] as [[number, number, number, number], number, 'same']),
          ),
          tf.grad((w) => tf.conv3d(room(tf), w as Tensor5D, 1, 'same'))(
            mixedTensor(tf, [2, 2, 2, 2, 3]),
          ),
        ],
        pools: (tf) => [
          tf.maxPool(image(tf), 2, 2, 1),
          tf.maxPool3d(room(tf), 2, 2, 'same'),
          tf.grad((x) => tf.maxPool(x as Tensor4D, 2, 2, 'same') as Tensor)(image(tf)),
          ...Object.values(tf.maxPoolWithArgmax(image(tf), 2, 2, 'same')),
        ],
        'resizing and response': (tf) => [
          tf.image.resizeBilinear(image(tf), [3, 5]),
          tf.image.cropAndResize(image(tf), tf.tensor2d([[0, 0, 1, 1]]), [0], [2, 3]),
          tf.localResponseNormalization(image(tf)),
        ],
        dilation2d: (tf) =>
          tf.dilation2d(image(tf), whole(tf, [2, 2, 3], dtype) as Tensor3D, 1, 'same'),
        batchNorm: (tf) =>
          tf.batchNorm(image(tf), mixedTensor(tf, [3]) as never, tf.ones([3]) as never),
      };
      return Object.entries(layers).map(([name, compute]) => [`${name} ${dtype} images`, compute]);
    }),
  );
}
