import type {
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Tensor5D,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';
import { mixedTensor, smallTensor } from './edge-values';
import type { KernelCase } from './kernel-case';

type Padding = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
type Rounding = 'floor' | 'ceil' | 'round' | undefined;

const PADDINGS: readonly (readonly [Padding, Rounding])[] = [
  ['same', undefined],
  ['valid', undefined],
  [0, undefined],
  [1, 'floor'],
  [1, 'ceil'],
  [2, 'round'],
  [
    [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
    undefined,
  ],
];

const IMAGES = [2, 6, 7, 3];

/** A window's sizes: with padding by one number, TensorFlow.js takes the height for the width, so that both are equal there. */
const windowOf = (pad: Padding) =>
  typeof pad === 'number' ? ([3, 3] as const) : ([3, 2] as const);

/** Convolutions and pools with every padding, stride and dilation, forward and backward. */
export function windowCases(): KernelCase[] {
  return PADDINGS.flatMap(([pad, rounding]) =>
    [1, 2].flatMap((strides) => {
      const title = `stride ${strides}, padding ${JSON.stringify(pad)}${rounding ? ` ${rounding}` : ''}`;
      return [
        ...convolutions(strides, pad, rounding, title),
        ...(Array.isArray(pad) ? [] : pools(strides, pad, rounding, title)),
      ];
    }),
  );
}

function convolutions(
  strides: number,
  pad: Padding,
  rounding: Rounding,
  title: string,
): KernelCase[] {
  const dense = (tf: TensorFlow) => [
    mixedTensor(tf, IMAGES),
    mixedTensor(tf, [...windowOf(pad), 3, 4]),
  ];
  const deep = (tf: TensorFlow) => [
    mixedTensor(tf, IMAGES),
    mixedTensor(tf, [...windowOf(pad), 3, 2]),
  ];
  const conv = (tf: TensorFlow, dilation: number) => (x: Tensor, filter: Tensor) =>
    tf.conv2d(x as Tensor4D, filter as Tensor4D, strides, pad, 'NHWC', dilation, rounding);
  const depthwise = (tf: TensorFlow, dilation: number) => (x: Tensor, filter: Tensor) =>
    tf.depthwiseConv2d(x as Tensor4D, filter as Tensor4D, strides, pad, 'NHWC', dilation, rounding);
  const dilations = strides === 1 ? [1, 2] : [1];
  return [
    ...dilations.flatMap((dilation) => [
      {
        name: `conv2d ${title}, dilation ${dilation}`,
        compute: (tf: TensorFlow) => conv(tf, dilation)(...(dense(tf) as [Tensor, Tensor])),
      },
      {
        name: `depthwiseConv2d ${title}, dilation ${dilation}`,
        compute: (tf: TensorFlow) => depthwise(tf, dilation)(...(deep(tf) as [Tensor, Tensor])),
      },
    ]),
    {
      name: `gradients of conv2d ${title}`,
      compute: (tf) => tf.grads(conv(tf, 1))(dense(tf)),
    },
    {
      name: `gradients of depthwiseConv2d ${title}`,
      compute: (tf) => tf.grads(depthwise(tf, 1))(deep(tf)),
    },
    ...(['relu', 'prelu', 'leakyrelu', 'sigmoid'] as const).map((activation) => ({
      name: `fused conv2d and depthwiseConv2d, ${activation}, ${title}`,
      compute: (tf: TensorFlow) => {
        const options = {
          strides,
          pad,
          dimRoundingMode: rounding,
          activation,
          leakyreluAlpha: 0.3,
        };
        const [x, filter] = dense(tf) as [Tensor4D, Tensor4D];
        const [, deepFilter] = deep(tf) as [Tensor4D, Tensor4D];
        const [few, many] = [mixedTensor(tf, [4]), mixedTensor(tf, [6])] as [Tensor1D, Tensor1D];
        const weights = activation === 'prelu';
        return [
          tf.fused.conv2d({
            ...options,
            x,
            filter,
            bias: few,
            ...(weights ? { preluActivationWeights: few } : {}),
          } as never),
          tf.fused.depthwiseConv2d({
            ...options,
            x,
            filter: deepFilter,
            bias: many,
            ...(weights ? { preluActivationWeights: many } : {}),
          } as never),
        ];
      },
    })),
  ];
}

function pools(
  strides: number,
  pad: Exclude<Padding, object>,
  rounding: Rounding,
  title: string,
): KernelCase[] {
  const plane = (tf: TensorFlow) => mixedTensor(tf, IMAGES);
  const space = (tf: TensorFlow) => mixedTensor(tf, [1, 5, 6, 4, 2]);
  const size = typeof pad === 'number' ? 3 : ([3, 2, 2] as const);
  const argmax: KernelCase = {
    name: `maxPoolWithArgmax ${title}`,
    compute: (tf) =>
      Object.values(tf.maxPoolWithArgmax(plane(tf) as Tensor4D, 3, strides, pad as number, true)),
  };
  const kinds = (['max', 'avg'] as const).flatMap((kind) => {
    const flat = (tf: TensorFlow) => (x: Tensor) =>
      tf[`${kind}Pool`](x as Tensor4D, [...windowOf(pad)], strides, pad, rounding) as Tensor;
    const deep = (tf: TensorFlow) => (x: Tensor) =>
      tf[`${kind}Pool3d`](x as Tensor5D, size as 3, strides, pad as 0, rounding) as Tensor;
    const cases: Record<string, KernelCase['compute']> = {
      [`${kind}Pool`]: (tf) => flat(tf)(plane(tf)),
      [`${kind}Pool int32`]: (tf) => flat(tf)(smallTensor(tf, IMAGES, 'int32')),
      [`${kind}Pool gradient`]: (tf) => tf.grad(flat(tf))(plane(tf)),
      [`${kind}Pool3d`]: (tf) => deep(tf)(space(tf)),
      [`${kind}Pool3d gradient`]: (tf) => tf.grad(deep(tf))(space(tf)),
    };
    return Object.entries(cases).map(([name, compute]) => ({ name: `${name} ${title}`, compute }));
  });
  return [argmax, ...kinds];
}

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
    'conv2d, channels first': (tf) =>
      tf.conv2d(
        mixedTensor(tf, [2, 3, 6, 7]) as Tensor4D,
        mixedTensor(tf, [3, 2, 3, 4]) as Tensor4D,
        1,
        'same',
        'NCHW',
      ),
    separableConv2d: (tf) =>
      tf.separableConv2d(
        mixedTensor(tf, IMAGES) as Tensor4D,
        mixedTensor(tf, [3, 3, 3, 2]) as Tensor4D,
        mixedTensor(tf, [1, 1, 6, 4]) as Tensor4D,
        1,
        'same',
      ),
    dilation2d: (tf) => {
      const inputs = [mixedTensor(tf, IMAGES), mixedTensor(tf, [3, 2, 3])];
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
