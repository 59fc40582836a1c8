import { expect, it } from '@jest/globals';
import { dense } from '../../src/layers/dense';
import { layerErrors, ROUNDING } from './layer-check';

it('dense multiplies by its weight and adds its bias', async () => {
  const [inputs, units] = [7, 5];
  const errors = await layerErrors({
    layer: dense({ name: 'd', units }),
    inputShape: [inputs],
    reference: (input, weights) =>
      Float64Array.from({ length: (input.length / inputs) * units }, (_, index) => {
        const [row, unit] = [Math.floor(index / units), index % units];
        let sum = weights['d.bias']?.[unit] ?? NaN;
        for (let k = 0; k < inputs; k++) {
          sum +=
            (input[row * inputs + k] ?? NaN) * (weights['d.weight']?.[unit * inputs + k] ?? NaN);
        }
        return sum;
      }),
  });
  expect(Object.keys(errors)).toEqual(['output', 'input', 'd.weight', 'd.bias']);
  expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
});
