import { expect, it } from '@jest/globals';
import { relu } from '../../src/layers/relu';
import { layerErrors, ROUNDING } from './layer-check';

it('relu lets positive values and their gradients through', async () => {
  const errors = await layerErrors({
    layer: relu(),
    inputShape: [3, 4, 5],
    reference: (input) => input.map((x) => Math.max(x, 0)),
  });
  expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
});
