import { describe, expect, it } from '@jest/globals';
import { dropout } from '../../src/layers/dropout';
import { GraphBuilder } from '../../src/onnx/graph-builder';
import { layerErrors, ROUNDING } from './layer-check';

describe('dropout', () => {
  it('keeps the units of its mask, scaled up, in both directions', async () => {
    const keep = Uint8Array.of(1, 0, 1, 1, 0, 1, 0, 1, 1, 0);
    const errors = await layerErrors({
      layer: dropout({ name: 'd', rate: 0.2 }),
      inputShape: [5],
      masks: { 'd.keep': keep },
      reference: (input) => input.map((x, index) => (x * (keep[index] as number)) / 0.8),
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('adds nothing to a graph for inference', () => {
    const graph = new GraphBuilder();
    const layer = dropout({ name: 'd', rate: 0.2 });
    expect(layer.apply('x', { graph, training: false, inputShape: [5] }).output).toBe('x');
  });
});
