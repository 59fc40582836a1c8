import { describe, expect, it } from '@jest/globals';
import { conv2d, convolution } from '../../src/layers/conv2d';
import { layerErrors, type ReferenceLayer, ROUNDING } from './layer-check';

const [BATCH, INPUTS, OUTPUTS, HEIGHT, WIDTH] = [2, 3, 4, 5, 6];

/** The definition of a convolution, one product at a time. */
function naiveConvolution(kernelSize: number, padding: number, stride: number): ReferenceLayer {
  const outputHeight = Math.floor((HEIGHT + 2 * padding - kernelSize) / stride) + 1;
  const outputWidth = Math.floor((WIDTH + 2 * padding - kernelSize) / stride) + 1;
  return (input, weights) => {
    const weight = weights['c.weight'] as Float64Array;
    const pixel = (n: number, c: number, i: number, j: number) =>
      i < 0 || j < 0 || i >= HEIGHT || j >= WIDTH
        ? 0
        : (input[((n * INPUTS + c) * HEIGHT + i) * WIDTH + j] as number);
    const output: number[] = [];
    for (let n = 0; n < BATCH; n++)
      for (let o = 0; o < OUTPUTS; o++)
        for (let i = 0; i < outputHeight; i++)
          for (let j = 0; j < outputWidth; j++) {
            let sum = 0;
            for (let c = 0; c < INPUTS; c++)
              for (let p = 0; p < kernelSize; p++)
                for (let q = 0; q < kernelSize; q++)
                  sum +=
                    pixel(n, c, stride * i + p - padding, stride * j + q - padding) *
                    (weight[((o * INPUTS + c) * kernelSize + p) * kernelSize + q] as number);
            output.push(sum);
          }
    return Float64Array.from(output);
  };
}

describe('conv2d', () => {
  it.each([
    { kernelSize: 3, padding: 1, stride: 1 },
    { kernelSize: 3, padding: 0, stride: 1 },
    { kernelSize: 5, padding: 2, stride: 1 },
    { kernelSize: 2, padding: 1, stride: 1 },
    { kernelSize: 1, padding: 0, stride: 1 },
    { kernelSize: 1, padding: 1, stride: 1 },
    { kernelSize: 3, padding: 1, stride: 2 },
    { kernelSize: 2, padding: 0, stride: 3 },
  ])('computes a convolution and its gradients, %o', async ({ kernelSize, padding, stride }) => {
    const errors = await layerErrors({
      layer: convolution({ name: 'c', channels: OUTPUTS, kernelSize, padding, stride }),
      inputShape: [INPUTS, HEIGHT, WIDTH],
      reference: naiveConvolution(kernelSize, padding, stride),
    });
    expect(Object.keys(errors)).toEqual(['output', 'input', 'c.weight']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('has a bias unless told otherwise', () => {
    const types = (bias?: boolean) =>
      conv2d({ name: 'c', channels: 2, ...(bias !== undefined && { bias }) }).map(
        ({ description }) => description.type,
      );
    expect(types()).toEqual(['convolution', 'channelBias']);
    expect(types(false)).toEqual(['convolution']);
  });

  it.each([
    [{ channels: 0 }, 'channels'],
    [{ stride: 0 }, 'stride'],
    [{ padding: -1 }, 'padding'],
    [{ kernelSize: 1.5 }, 'size'],
    [{ name: '' }, 'name'],
  ])('refuses %o', (options, reason) => {
    expect(() => conv2d({ name: 'c', channels: 2, ...options })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(reason),
      }),
    );
  });
});
