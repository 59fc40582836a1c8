import { describe, expect, it } from '@jest/globals';
import { channelBias } from '../../src/nodes/channel-bias';
import { dropout } from '../../src/nodes/dropout';
import { flatten } from '../../src/nodes/flatten';
import { relu } from '../../src/nodes/relu';
import { layerErrors, ROUNDING } from './node-check';

const EMPTY = new Float64Array();

describe('the layers without a product', () => {
  it('channelBias adds a number to each channel', async () => {
    const errors = await layerErrors({
      layer: channelBias('b'),
      inputShape: [2, 3, 4, 5],
      weightShapes: { 'b.bias': [5] },
      reference: ({ input = EMPTY, 'b.bias': bias = EMPTY }) =>
        input.map((value, index) => value + (bias[index % 5] as number)),
    });
    expect(Object.keys(errors)).toEqual(['output', 'input', 'b.bias']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('relu keeps what is above zero', async () => {
    const errors = await layerErrors({
      layer: relu(),
      inputShape: [3, 7],
      reference: ({ input = EMPTY }) => input.map((value) => Math.max(value, 0)),
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('dropout scales what its mask keeps', async () => {
    const dropoutKeep = Uint8Array.from([1, 0, 0, 1, 1, 1, 0, 1]);
    const errors = await layerErrors({
      layer: dropout(0.2),
      inputShape: [2, 4],
      reference: ({ input = EMPTY }) =>
        input.map((value, index) => (value * (dropoutKeep[index] as number)) / 0.8),
      dropoutKeep,
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('dropout leaves everything as it is in inference', async () => {
    const errors = await layerErrors({
      layer: dropout(0.2),
      inputShape: [2, 4],
      reference: ({ input = EMPTY }) => input,
    });
    expect(errors.output).toBe(0);
  });

  it('flatten keeps the values in order', async () => {
    const errors = await layerErrors({
      layer: flatten(),
      inputShape: [2, 2, 3, 2],
      reference: ({ input = EMPTY }) => input,
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });
});
