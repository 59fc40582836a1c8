import { expect, it } from '@jest/globals';
import { globalAveragePool } from '../../src/layers/global-average-pool';
import { layerErrors, ROUNDING } from './layer-check';

it('globalAveragePool takes the mean of each channel', async () => {
  const area = 4 * 5;
  const errors = await layerErrors({
    layer: globalAveragePool(),
    inputShape: [3, 4, 5],
    reference: (input) =>
      Float64Array.from({ length: input.length / area }, (_, plane) => {
        const values = input.subarray(plane * area, (plane + 1) * area);
        return values.reduce((sum, value) => sum + value, 0) / area;
      }),
  });
  expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
});
