import { createRequire } from 'node:module';
import { afterEach, expect, it, jest } from '@jest/globals';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import type { NodeBackend } from '../../src/node-backend';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';
import { randomValues } from '../random-values';
import { relativeError } from '../relative-error';

/** With gradients, and with its own backend `cpu` to compare with. */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
registerTensorFlow(tf);

const image = (shape: [number, number, number, number], seed: number): Tensor4D => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor4d(Float32Array.from(randomValues(count, seed)), shape);
};

/** The kernels that a GPU is given, on the CPU, which has the same operations; and what they were made of. */
async function asOnGpu(
  compute: () => Tensor[],
): Promise<{ values: Float32Array[]; ops: string[] }> {
  await tf.setBackend('tensorflow');
  const { binding } = tf.backend() as NodeBackend;
  jest.spyOn(binding, 'isUsingGpuDevice').mockReturnValue(true);
  const execute = jest.spyOn(binding, 'executeOp');
  const values = valuesOf(compute);
  return { values, ops: execute.mock.calls.map(([name]) => name) };
}

function valuesOf(compute: () => Tensor[]): Float32Array[] {
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => compute().map((tensor) => tensor.dataSync<'float32'>().slice()));
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

async function onCpu(compute: () => Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend('cpu');
  return valuesOf(compute);
}

afterEach(() => {
  jest.restoreAllMocks();
});

describeOnTensorFlow("a GPU's kernels", () => {
  it.each([
    ['that divide the image', [2, 4, 6, 3], 2, 2, 'valid'],
    ['that leave a rest', [2, 5, 7, 3], 2, 2, 'valid'],
    ['that overlap', [1, 6, 6, 2], 3, 1, 'same'],
  ] as const)('pool windows %s', async (_, shape, size, strides, pad) => {
    const compute = () => {
      const x = image([...shape], 1);
      const pool = (a: Tensor) => tf.maxPool(a as Tensor4D, size, strides, pad);
      const y = pool(x);
      return [y, tf.grad(pool)(x, image(y.shape as [number, number, number, number], 2))];
    };
    const { values, ops } = await asOnGpu(compute);
    const expected = await onCpu(compute);
    values.forEach((actual, index) => {
      expect(relativeError(actual, expected[index] ?? [])).toBeLessThan(1e-6);
    });
    expect(ops).toEqual(expect.arrayContaining(['MaxPoolWithArgmax', 'MaxPoolGradWithArgmax']));
  });

  it('give the gradient of equal values to the first in row order', async () => {
    const { values } = await asOnGpu(() => {
      const pool = (a: Tensor) => tf.maxPool(a as Tensor4D, 2, 2, 'valid');
      return [tf.grad(pool)(tf.ones([1, 2, 4, 1]), tf.tensor4d([5, 7], [1, 1, 2, 1]))];
    });
    expect(Array.from(values[0] ?? [])).toEqual([5, 0, 7, 0, 0, 0, 0, 0]);
  });
});
