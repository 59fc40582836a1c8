import { expect, it } from '@jest/globals';
import { channelBias } from '../../src/layers/channel-bias';
import { layerErrors, ROUNDING } from './layer-check';

it('channelBias adds one number to each channel', async () => {
  const [channels, area] = [3, 4 * 5];
  const errors = await layerErrors({
    layer: channelBias('c'),
    inputShape: [channels, 4, 5],
    reference: (input, weights) =>
      input.map(
        (x, index) => x + (weights['c.bias']?.[Math.floor(index / area) % channels] ?? NaN),
      ),
  });
  expect(Object.keys(errors)).toEqual(['output', 'input', 'c.bias']);
  expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
});
