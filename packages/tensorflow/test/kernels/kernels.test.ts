import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';
import { randomValues } from '../random-values';
import { relativeError } from '../relative-error';

/** With gradients, and with its own backend `cpu` to compare with. */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
registerTensorFlow(tf);

const image = (shape: [number, number, number, number], seed: number): Tensor4D =>
  tf.tensor4d(
    Float32Array.from(
      randomValues(
        shape.reduce((product, size) => product * size, 1),
        seed,
      ),
    ),
    shape,
  );

/** What `compute` gives on TensorFlow against what TensorFlow.js gives on the CPU, as relative errors. */
async function errorsAgainstCpu(compute: () => Tensor[]): Promise<number[]> {
  const [expected = [], actual = []] = [
    await valuesOn('cpu', compute),
    await valuesOn('tensorflow', compute),
  ];
  return expected.map((values, index) => relativeError(actual[index] ?? [], values));
}

async function valuesOn(backend: string, compute: () => Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => compute().map((tensor) => tensor.dataSync<'float32'>().slice()));
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

const CONVOLUTIONS = [
  ['of few channels', { inputs: 3, strides: 1, pad: 'same' }],
  ['of many channels', { inputs: 16, strides: 1, pad: 'same' }],
  ['with stride 2', { inputs: 3, strides: 2, pad: 'same' }],
  ['without padding', { inputs: 9, strides: 1, pad: 'valid' }],
] as const;

describeOnTensorFlow('on native TensorFlow', () => {
  it.each(CONVOLUTIONS)('a convolution %s and its gradients are right', async (_, options) => {
    const { inputs, strides, pad } = options;
    const errors = await errorsAgainstCpu(() => {
      const [x, filter] = [image([2, 7, 6, inputs], 1), image([3, 3, inputs, 5], 2)];
      const convolve = (a: Tensor, b: Tensor) =>
        tf.conv2d(a as Tensor4D, b as Tensor4D, strides, pad);
      const y = convolve(x, filter);
      return [y, ...tf.grads(convolve)([x, filter], image(y.shape, 3))];
    });
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(errors).toHaveLength(3);
  });

  it('dilated convolutions are right, and those of each channel by itself', async () => {
    const errors = await errorsAgainstCpu(() => {
      const [x, filter] = [image([2, 9, 9, 3], 1), image([3, 3, 3, 4], 2)];
      return [
        tf.conv2d(x, filter, 1, 'same', 'NHWC', 2),
        tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2),
        tf.depthwiseConv2d(x, filter, 2, 'valid'),
      ];
    });
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });

  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const)(
    'a convolution with a bias through %s is right',
    async (activation) => {
      const errors = await errorsAgainstCpu(() => {
        const [x, filter] = [image([2, 5, 6, 3], 1), image([3, 3, 3, 4], 2)];
        const bias = tf.tensor1d(Float32Array.from(randomValues(4, 3)));
        return [
          tf.fused.conv2d({
            x,
            filter,
            bias,
            strides: 1,
            pad: 'same',
            activation,
            leakyreluAlpha: 0.1,
          }),
        ];
      });
      expect(errors[0]).toBeLessThan(1e-5);
    },
  );

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('a product with transposed operands (%s, %s) is right', async (transposeA, transposeB) => {
    const matrix = (rows: number, columns: number, transposed: boolean, seed: number): Tensor2D =>
      tf.tensor2d(
        Float32Array.from(randomValues(rows * columns, seed)),
        transposed ? [columns, rows] : [rows, columns],
      );
    const errors = await errorsAgainstCpu(() => [
      tf.matMul(matrix(3, 5, transposeA, 1), matrix(5, 4, transposeB, 2), transposeA, transposeB),
    ]);
    expect(errors[0]).toBeLessThan(1e-5);
  });

  it('sums over all axes but the last, and over others, are right', async () => {
    const errors = await errorsAgainstCpu(() => {
      const x = image([2, 3, 4, 5], 1);
      return [
        tf.sum(x, [0, 1, 2]),
        tf.sum(x, [0, 1, 2], true),
        tf.sum(x, 3),
        tf.sum(tf.reshape(x, [24, 5]), 0),
      ];
    });
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });
});
