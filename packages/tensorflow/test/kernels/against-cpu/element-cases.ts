import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';
import { EDGE_SHAPES, edgeTensor, NUMERIC } from './edge-values';
import type { KernelCase } from './kernel-case';

type Operation = (...tensors: Tensor[]) => Tensor;

const named = (tf: TensorFlow, name: string) => (tf as unknown as Record<string, Operation>)[name]!;

const UNARY = [
  ...['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu'],
  ...['erf', 'exp', 'expm1', 'floor', 'isFinite', 'isInf', 'isNaN', 'leakyRelu', 'log', 'log1p'],
  ...['logicalNot', 'neg', 'reciprocal', 'relu', 'relu6', 'round', 'rsqrt', 'selu', 'sigmoid'],
  ...['sign', 'sin', 'sinh', 'softplus', 'sqrt', 'square', 'step', 'tan', 'tanh', 'onesLike'],
  ...['zerosLike', 'clone', 'logSigmoid', 'softmax', 'logSoftmax', 'diag', 'topk', 'unique'],
] as const;

const BINARY = [
  ...['add', 'sub', 'mul', 'div', 'divNoNan', 'floorDiv', 'mod', 'pow', 'maximum', 'minimum'],
  ...['squaredDifference', 'atan2', 'prelu', 'equal', 'notEqual', 'greater', 'greaterEqual'],
  ...['less', 'lessEqual', 'logicalAnd', 'logicalOr', 'logicalXor', 'bitwiseAnd'],
] as const;

const REDUCTIONS = [
  ...['sum', 'mean', 'prod', 'max', 'min', 'all', 'any', 'argMax', 'argMin', 'logSumExp'],
] as const;

const CUMULATIVE = ['cumsum', 'cumprod'] as const;

/** Each function of single elements, of each type, of each shape. */
export function unaryCases(): KernelCase[] {
  return UNARY.flatMap((name) =>
    NUMERIC.flatMap((dtype) =>
      EDGE_SHAPES.map((shape) => ({
        name: `${name} ${dtype} ${shape}`,
        compute: (tf: TensorFlow) => named(tf, name)(edgeTensor(tf, dtype, shape)),
      })),
    ),
  );
}

/** Each function of two elements, of each pair of types: every edge value with every other one, scalars, and nothing. */
export function binaryCases(): KernelCase[] {
  return BINARY.flatMap((name) =>
    NUMERIC.flatMap((first) =>
      NUMERIC.flatMap((second) => [
        {
          name: `${name} ${first} ${second} every pair`,
          compute: (tf: TensorFlow) =>
            named(tf, name)(
              tf.expandDims(edgeTensor(tf, first, 'vector'), 1),
              tf.expandDims(edgeTensor(tf, second, 'vector'), 0),
            ),
        },
        {
          name: `${name} ${first} ${second} scalar`,
          compute: (tf: TensorFlow) =>
            named(tf, name)(edgeTensor(tf, first, 'matrix'), edgeTensor(tf, second, 'scalar')),
        },
        {
          name: `${name} ${first} ${second} same shape`,
          compute: (tf: TensorFlow) => {
            const [a, b] = [edgeTensor(tf, first, 'vector'), edgeTensor(tf, second, 'vector')];
            const size = Math.min(a.size, b.size);
            return named(tf, name)(tf.slice(a, 0, size), tf.slice(b, 0, size));
          },
        },
        {
          name: `${name} ${first} ${second} empty`,
          compute: (tf: TensorFlow) =>
            named(tf, name)(edgeTensor(tf, first, 'empty'), edgeTensor(tf, second, 'scalar')),
        },
      ]),
    ),
  );
}

/** Each reduction, of each type, along each axis, of edge values and of nothing. */
export function reductionCases(): KernelCase[] {
  type Reduce = (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor;
  const axes = [undefined, 0, 1, -1, [0, 1], []] as const;
  return REDUCTIONS.flatMap((name) =>
    NUMERIC.flatMap((dtype) =>
      (['matrix', 'empty'] as const).flatMap((shape) =>
        axes.flatMap((axis) =>
          (name.startsWith('arg') ? [false] : [false, true]).map((keepDims) => ({
            name: `${name} ${dtype} ${shape} axis ${JSON.stringify(axis)}${keepDims ? ' kept' : ''}`,
            compute: (tf: TensorFlow) => {
              const reduce = named(tf, name) as unknown as Reduce;
              const x = edgeTensor(tf, dtype, shape);
              return name.startsWith('arg')
                ? reduce(x, axis as number)
                : reduce(x, axis as number, keepDims);
            },
          })),
        ),
      ),
    ),
  );
}

/** Running sums and products along each axis, of each type, forwards and backwards. */
export function cumulativeCases(): KernelCase[] {
  type Cumulate = (x: Tensor, axis: number, exclusive: boolean, reverse: boolean) => Tensor;
  return CUMULATIVE.flatMap((name) =>
    NUMERIC.flatMap((dtype) =>
      [0, 1, 2].flatMap((axis) =>
        [false, true].flatMap((exclusive) =>
          [false, true].map((reverse) => ({
            name: `${name} ${dtype} axis ${axis}${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`,
            compute: (tf: TensorFlow) => {
              const x = tf.reshape(tf.range(1, 25), [2, 3, 4]);
              const cumulate = named(tf, name) as unknown as Cumulate;
              return cumulate(tf.cast(x, dtype), axis, exclusive, reverse);
            },
          })),
        ),
      ),
    ),
  );
}
