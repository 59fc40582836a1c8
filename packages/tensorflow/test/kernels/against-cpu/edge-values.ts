import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';

/** Types of numbers that TensorFlow.js computes with. */
export const NUMERIC = ['float32', 'int32', 'bool'] as const;
export type NumericType = (typeof NUMERIC)[number];

/** Where kernels go wrong: zeros, halves, what is not a number, and the ends of what a type can hold. */
const EDGE_VALUES: Readonly<Record<NumericType, readonly number[]>> = {
  float32: [
    ...[0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 7, 100],
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-30, 3e38, 1e10],
  ],
  int32: [0, 1, -1, 2, -2, 3, -7, 255, 65_536, 2_147_483_647, -2_147_483_648],
  bool: [0, 1],
};

export type EdgeShape = 'vector' | 'scalar' | 'empty' | 'matrix';
export const EDGE_SHAPES: readonly EdgeShape[] = ['vector', 'scalar', 'empty', 'matrix'];

/** A tensor of edge values; `matrix` has them twice, in the other order the second time. */
export function edgeTensor(tf: TensorFlow, dtype: NumericType, shape: EdgeShape): Tensor {
  const values = EDGE_VALUES[dtype];
  if (shape === 'scalar') return tf.scalar(values[2] ?? 1, dtype);
  if (shape === 'empty') return tf.tensor([], [2, 0], dtype);
  if (shape === 'vector') return tf.tensor1d([...values], dtype);
  return tf.tensor2d([...values, ...values.toReversed()], [2, values.length], dtype);
}

/** Small whole numbers from -2 to 2 (of bool: 0 and 1), in a pattern that repeats after five. */
export function smallTensor(tf: TensorFlow, shape: number[], dtype: DataType = 'float32'): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, index) => ((index * 7) % 5) - 2);
  if (dtype === 'string') return tf.tensor(values.map(String), shape, dtype);
  return tf.tensor(
    dtype === 'bool' ? values.map((value) => Number(value > 0)) : values,
    shape,
    dtype,
  );
}

/** Fractions between -1 and 1, no two of them equal, in no order. */
export function mixedTensor(tf: TensorFlow, shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, index) => Math.sin(index * 1.7 + 0.3));
  return tf.tensor(values, shape, 'float32');
}
