import { describe, expect, it } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { maxPool } from '../../src/nodes/max-pool';
import { openRuntime } from '../open-runtime';
import { resolvedNode } from '../resolved-node';
import { operationErrors, ROUNDING } from './node-check';

/** A pool of 2×2 with stride 2. */
function squares(channels: number, height: number, width: number) {
  const shape = [channels, height, width];
  return maxPool(resolvedNode('maxPool', [shape], { kernelSize: 2 }));
}

describe('maxPool', () => {
  it.each([
    { count: 2, height: 4, width: 6, channels: 3, threads: 1 },
    { count: 1, height: 5, width: 3, channels: 4, threads: 1 },
    { count: 3, height: 7, width: 5, channels: 9, threads: 2 },
  ])('takes the largest of each square and its gradient, %o', async ({ threads, ...sizes }) => {
    const { count, height, width, channels } = sizes;
    const errors = await operationErrors({
      operation: squares(channels, height, width),
      inputShape: [count, height, width, channels],
      reference: ({ input = new Float64Array() }) => {
        const output: number[] = [];
        const at = (n: number, i: number, j: number, c: number) =>
          input[((n * height + i) * width + j) * channels + c] as number;
        for (let n = 0; n < count; n++)
          for (let i = 0; i + 1 < height; i += 2)
            for (let j = 0; j + 1 < width; j += 2)
              for (let c = 0; c < channels; c++) {
                const upper = Math.max(at(n, i, j, c), at(n, i, j + 1, c));
                output.push(Math.max(upper, at(n, i + 1, j, c), at(n, i + 1, j + 1, c)));
              }
        return Float64Array.from(output);
      },
      threads,
    });
    expect(Object.keys(errors)).toEqual(['output', 'input']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it.each([1, 5])('gives a tie to the first in row order, %i channels', async (channels) => {
    const runtime = await openRuntime(1);
    const { tf } = runtime;
    const gradients = runtime.run(() => {
      const values = [
        [2, 2, 2, 2],
        [0, 3, 3, 3],
        [0, 1, 4, 4],
        [-1, -2, -3, -1],
      ];
      return values.map((square) => {
        const pixels = square.flatMap((value) => Array<number>(channels).fill(value));
        const input = tf.tensor4d(pixels, [1, 2, 2, channels]);
        const { backward } = squares(channels, 2, 2)([input], { tf, weights: {} });
        const gradient = backward(tf.fill([1, 1, 1, channels], 7)).inputs[0]?.() as Tensor;
        return Array.from({ length: 4 }, (_, i) => gradient.dataSync()[i * channels]);
      });
    });
    await runtime.close();
    expect(gradients).toEqual([
      [7, 0, 0, 0],
      [0, 7, 0, 0],
      [0, 0, 7, 0],
      [7, 0, 0, 0],
    ]);
  });
});
