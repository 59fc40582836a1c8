import { describe, expect, it } from '@jest/globals';
import { batchNorm2d } from '../../src/layers/batch-norm2d';
import { layerErrors, type ReferenceLayer, ROUNDING, runLayer } from './layer-check';

const [BATCH, CHANNELS, AREA] = [2, 3, 3 * 4];
const EPSILON = 1e-5;

/** The positions of one channel's values in a batch of images. */
const positionsOf = (channel: number) =>
  Array.from({ length: BATCH * AREA }, (_, index) => {
    const [image, pixel] = [Math.floor(index / AREA), index % AREA];
    return (image * CHANNELS + channel) * AREA + pixel;
  });

const naive: ReferenceLayer = (input, weights) => {
  const output = new Float64Array(input.length);
  for (let channel = 0; channel < CHANNELS; channel++) {
    const positions = positionsOf(channel);
    const values = positions.map((position) => input[position] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const scale = (weights['b.weight']?.[channel] as number) / Math.sqrt(variance + EPSILON);
    values.forEach((value, index) => {
      const moved = (value - mean) * scale + (weights['b.bias']?.[channel] as number);
      output[positions[index] as number] = moved;
    });
  }
  return output;
};

describe('batchNorm2d', () => {
  it('normalises each channel over the batch, gradients through the statistics', async () => {
    const errors = await layerErrors({
      layer: batchNorm2d({ name: 'b' }),
      inputShape: [CHANNELS, 3, 4],
      reference: naive,
    });
    expect(Object.keys(errors)).toEqual(['output', 'input', 'b.weight', 'b.bias']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('stays finite for one value per channel', async () => {
    const { output, nextState } = await runLayer({
      layer: batchNorm2d({ name: 'b' }),
      inputShape: [1, 1, 1],
      values: {
        input: [3],
        'b.weight': [2],
        'b.bias': [5],
        'b.running_mean': [0],
        'b.running_var': [1],
      },
      upstream: [1],
    });
    expect([...output]).toEqual([5]);
    expect(nextState['b.running_var']?.[0]).toBeCloseTo(0.9);
  });

  it.each([{ epsilon: 0 }, { momentum: 0 }, { momentum: 1.5 }, { name: '' }])(
    'refuses %o',
    (options) => {
      expect(() => batchNorm2d({ name: 'b', ...options })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    },
  );
});
