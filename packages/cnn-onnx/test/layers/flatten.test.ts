import { expect, it } from '@jest/globals';
import { flatten } from '../../src/layers/flatten';
import { layerErrors } from './layer-check';

it('flatten keeps values in channel, height, width order', async () => {
  const layer = flatten();
  expect(layer.outputShape([3, 4, 5])).toEqual([60]);
  const errors = await layerErrors({ layer, inputShape: [3, 4, 5], reference: (x) => x.slice() });
  expect(errors.output).toBe(0);
  expect(errors.input).toBeLessThan(1e-9);
});
