import type { Tensor, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';
import { mixedTensor } from './edge-values';
import type { KernelCase } from './kernel-case';

/** Further layers of networks. */
export function layerCases(): KernelCase[] {
  const cases: Record<string, (tf: TensorFlow) => Tensor | Tensor[]> = {
    conv1d: (tf) => {
      const [x, filter] = [mixedTensor(tf, [2, 9, 3]), mixedTensor(tf, [3, 3, 4])];
      return tf.conv1d(x as Tensor3D, filter as Tensor3D, 1, 'same', 'NWC', 2);
    },
    conv3d: (tf) =>
      (['same', 'valid'] as const).flatMap((pad) =>
        (
          [
            [1, 1],
            [2, 1],
            [1, 2],
          ] as const
        ).map(([strides, dilation]) =>
          tf.conv3d(
            mixedTensor(tf, [2, 6, 5, 7, 2]) as Tensor5D,
            mixedTensor(tf, [2, 3, 2, 2, 3]) as Tensor5D,
            strides,
            pad,
            'NDHWC',
            dilation,
          ),
        ),
      ),
    'gradients of conv3d': (tf) =>
      tf.grads((x, filter) => tf.conv3d(x as Tensor5D, filter as Tensor5D, 1, 'same'))([
        mixedTensor(tf, [2, 4, 5, 3, 2]),
        mixedTensor(tf, [2, 3, 2, 2, 3]),
      ]),
    conv2dTranspose: (tf) => {
      const [x, filter] = [mixedTensor(tf, [2, 4, 5, 3]), mixedTensor(tf, [3, 3, 4, 3])];
      const results = [
        ['same', [2, 8, 10, 4]],
        ['valid', [2, 9, 11, 4]],
        [1, [2, 7, 9, 4]],
      ] as const;
      return results.map(([pad, shape]) =>
        tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, [...shape], 2, pad),
      );
    },
    conv3dTranspose: (tf) =>
      tf.conv3dTranspose(
        mixedTensor(tf, [1, 2, 3, 2, 2]) as Tensor5D,
        mixedTensor(tf, [2, 2, 2, 3, 2]) as Tensor5D,
        [1, 4, 6, 4, 3],
        2,
        'same',
      ),
    separableConv2d: (tf) =>
      tf.separableConv2d(
        mixedTensor(tf, [2, 6, 7, 3]) as Tensor4D,
        mixedTensor(tf, [3, 3, 3, 2]) as Tensor4D,
        mixedTensor(tf, [1, 1, 6, 4]) as Tensor4D,
        1,
        'same',
      ),
    dilation2d: (tf) => {
      const inputs = [mixedTensor(tf, [2, 6, 7, 3]), mixedTensor(tf, [3, 2, 3])];
      const dilate = (x: Tensor, filter: Tensor) =>
        tf.dilation2d(x as Tensor4D, filter as Tensor3D, 1, 'same', 2);
      return [dilate(...(inputs as [Tensor, Tensor])), ...tf.grads(dilate)(inputs)];
    },
    'fused matMul': (tf) =>
      ([undefined, 'linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const).map(
        (activation) =>
          tf.fused.matMul({
            ...{
              a: mixedTensor(tf, [3, 4]) as Tensor2D,
              b: mixedTensor(tf, [4, 5]) as Tensor2D,
              bias: mixedTensor(tf, [5]),
            },
            ...(activation === undefined ? {} : { activation }),
            ...(activation === 'prelu' ? { preluActivationWeights: mixedTensor(tf, [5]) } : {}),
          }),
      ),
    'fused matMul without a bias': (tf) =>
      tf.fused.matMul({
        a: mixedTensor(tf, [2, 3, 4]) as Tensor3D,
        b: mixedTensor(tf, [2, 4, 5]) as Tensor3D,
      }),
    batchNorm: (tf) => {
      const shapes = [[4], [1, 1, 1, 4], [2, 3, 2, 4]];
      return shapes.map((shape) => {
        const numbers = mixedTensor(tf, shape) as Tensor4D;
        const [x, variance] = [mixedTensor(tf, [2, 3, 2, 4]) as Tensor4D, tf.abs(numbers)];
        return tf.batchNorm(x, numbers, variance, numbers, numbers);
      });
    },
    'batchNorm of few axes': (tf) => [
      tf.batchNorm(mixedTensor(tf, [2, 4]), mixedTensor(tf, [4]), tf.ones([4])),
      tf.batchNorm(mixedTensor(tf, [2, 3, 2, 1]), tf.tensor1d([0.5]), tf.tensor1d([2])),
    ],
    'batchNorm of scalars': (tf) =>
      tf
        .engine()
        .runKernel(
          'FusedBatchNorm',
          { x: mixedTensor(tf, [2, 3, 2, 4]), mean: tf.scalar(0.5), variance: tf.scalar(2) },
          { varianceEpsilon: 0.001 },
        ) as Tensor,
    'gradient of elu': (tf) => tf.grad((x) => tf.elu(x))(mixedTensor(tf, [9])),
    'gradients of functions': (tf) =>
      [
        tf.relu6,
        tf.prelu,
        tf.selu,
        tf.softmax,
        tf.leakyRelu,
        tf.sqrt,
        tf.tanh,
        tf.sigmoid,
        tf.softplus,
        (x: Tensor) => tf.cumsum(x, 1),
        tf.logSoftmax,
      ].map((compute) =>
        tf.grad((x) =>
          (compute as (x: Tensor, alpha?: Tensor) => Tensor)(
            x,
            compute === tf.prelu ? tf.scalar(0.2) : undefined,
          ),
        )(tf.add(mixedTensor(tf, [3, 4]), 1.5)),
      ),
    'conv3d and dilation2d, padding in numbers': (tf) => {
      const conv = (x: Tensor, filter: Tensor) =>
        tf.conv3d(x as Tensor5D, filter as Tensor5D, 2, 1 as never);
      const dilate = (x: Tensor, filter: Tensor) =>
        tf.dilation2d(x as Tensor4D, filter as Tensor3D, 1, 1 as never, 2);
      const deep = [mixedTensor(tf, [2, 4, 5, 3, 2]), mixedTensor(tf, [2, 2, 2, 2, 3])] as const;
      const flat = [mixedTensor(tf, [2, 6, 7, 3]), mixedTensor(tf, [3, 3, 3])] as const;
      return [
        ...[conv(...deep), ...tf.grads(conv)([...deep])],
        ...[dilate(...flat), ...tf.grads(dilate)([...flat])],
      ];
    },
    'drawing on a canvas': (tf) => drawn(tf),
  };
  return Object.entries(cases).map(([name, compute]) => ({ name, compute }));
}

/** What is put on a canvas, as a tensor. */
function drawn(tf: TensorFlow): Tensor {
  // The backend `cpu` takes the browser's class for granted.
  Object.assign(globalThis, {
    ImageData: class {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
        readonly height: number,
      ) {}
    },
  });
  let pixels: Uint8ClampedArray = new Uint8ClampedArray();
  const context = {
    createImageData: (width: number, height: number) => ({
      data: new Uint8ClampedArray(width * height * 4),
    }),
    putImageData: ({ data }: { data: Uint8ClampedArray }) => {
      pixels = data;
    },
  };
  const canvas = { width: 0, height: 0, getContext: () => context };
  for (const image of [
    tf.tensor2d([0, 0.5, 1, 0.25], [2, 2]),
    tf.tensor3d([1, 20, 255], [1, 1, 3], 'int32'),
  ]) {
    tf.engine().runKernel('Draw', { image }, {
      canvas,
      options: { imageOptions: { alpha: 0.5 } },
    } as never);
  }
  return tf.tensor1d([...pixels, canvas.width, canvas.height], 'int32');
}
