import { describe, expect, it } from '@jest/globals';
import { conv2d } from '../../src/nodes/conv2d';
import { resolvedNode } from '../resolved-node';
import { operationErrors, type ReferenceOperation, ROUNDING } from './node-check';

interface Sizes {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
}

/** The definition of a convolution that keeps height and width, one product at a time. */
function naiveConvolution(sizes: Sizes): ReferenceOperation {
  const { count, height, width, inputs, outputs, kernel } = sizes;
  const margin = Math.floor((kernel - 1) / 2);
  return ({ input = new Float64Array(), 'node.weight': weight = new Float64Array() }) => {
    const pixel = (n: number, i: number, j: number, c: number) =>
      i < 0 || j < 0 || i >= height || j >= width
        ? 0
        : (input[((n * height + i) * width + j) * inputs + c] as number);
    const output: number[] = [];
    for (let n = 0; n < count; n++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++)
          for (let o = 0; o < outputs; o++) {
            let sum = 0;
            for (let p = 0; p < kernel; p++)
              for (let q = 0; q < kernel; q++)
                for (let c = 0; c < inputs; c++)
                  sum +=
                    pixel(n, i + p - margin, j + q - margin, c) *
                    (weight[((p * kernel + q) * inputs + c) * outputs + o] as number);
            output.push(sum);
          }
    return Float64Array.from(output);
  };
}

describe('conv2d', () => {
  it.each<Sizes & { threads: number }>([
    { count: 2, height: 5, width: 6, inputs: 3, outputs: 4, kernel: 3, threads: 1 },
    { count: 1, height: 4, width: 7, inputs: 2, outputs: 8, kernel: 3, threads: 1 },
    { count: 3, height: 3, width: 3, inputs: 8, outputs: 11, kernel: 3, threads: 2 },
    { count: 2, height: 1, width: 2, inputs: 5, outputs: 9, kernel: 3, threads: 3 },
    { count: 2, height: 6, width: 4, inputs: 1, outputs: 3, kernel: 5, threads: 1 },
    { count: 2, height: 3, width: 4, inputs: 2, outputs: 2, kernel: 2, threads: 1 },
    { count: 2, height: 3, width: 3, inputs: 4, outputs: 1, kernel: 1, threads: 2 },
  ])('computes a convolution and its gradients, %o', async ({ threads, ...sizes }) => {
    const { count, height, width, inputs, outputs, kernel } = sizes;
    const errors = await operationErrors({
      operation: conv2d(
        resolvedNode('conv2d', [[inputs, height, width]], {
          channels: outputs,
          kernelSize: kernel,
          padding: 'same',
          bias: false,
        }),
      ),
      inputShape: [count, height, width, inputs],
      weightShapes: { 'node.weight': [kernel, kernel, inputs, outputs] },
      reference: naiveConvolution(sizes),
      threads,
    });
    expect(Object.keys(errors)).toEqual(['output', 'input', 'node.weight']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });
});
