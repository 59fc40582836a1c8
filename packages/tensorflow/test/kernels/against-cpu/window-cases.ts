import type { Tensor, Tensor1D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
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
