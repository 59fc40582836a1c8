import { expect, it } from '@jest/globals';
import { averagePool2d } from '../../src/layers/average-pool2d';
import { layerErrors, ROUNDING } from './layer-check';

const [PLANES, HEIGHT, WIDTH] = [2 * 3, 5, 7];

it.each([
  [2, 2],
  [3, 2],
  [2, 3],
  [3, 1],
])('averagePool2d takes the mean of each square, %i by %i apart', async (size, stride) => {
  const errors = await layerErrors({
    layer: averagePool2d({ size, stride }),
    inputShape: [3, HEIGHT, WIDTH],
    reference: (input) => {
      const output: number[] = [];
      for (let plane = 0; plane < PLANES; plane++)
        for (let i = 0; i + size <= HEIGHT; i += stride)
          for (let j = 0; j + size <= WIDTH; j += stride) {
            let sum = 0;
            for (let p = 0; p < size; p++)
              for (let q = 0; q < size; q++)
                sum += input[(plane * HEIGHT + i + p) * WIDTH + j + q] as number;
            output.push(sum / size ** 2);
          }
      return Float64Array.from(output);
    },
  });
  expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
});
