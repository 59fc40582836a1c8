import { describe, expect, it } from '@jest/globals';
import { dropout } from '../../src/nodes/dropout';
import { flatten } from '../../src/nodes/flatten';
import { relu } from '../../src/nodes/relu';
import { resolvedNode } from '../resolved-node';
import { operationErrors, ROUNDING } from './node-check';

const EMPTY = new Float64Array();

describe('the operations without a product', () => {
  it('relu keeps what is above zero', async () => {
    const errors = await operationErrors({
      operation: relu(),
      inputShape: [3, 7],
      reference: ({ input = EMPTY }) => input.map((value) => Math.max(value, 0)),
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('dropout scales what its mask keeps', async () => {
    const mask = Uint8Array.from([1, 0, 0, 1, 1, 1, 0, 1]);
    const errors = await operationErrors({
      operation: dropout(resolvedNode('dropout', [[4]], { rate: 0.2 })),
      inputShape: [2, 4],
      reference: ({ input = EMPTY }) =>
        input.map((value, index) => (value * (mask[index] as number)) / 0.8),
      mask,
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });

  it('dropout leaves everything as it is in inference', async () => {
    const errors = await operationErrors({
      operation: dropout(resolvedNode('dropout', [[4]], { rate: 0.2 })),
      inputShape: [2, 4],
      reference: ({ input = EMPTY }) => input,
    });
    expect(errors.output).toBe(0);
  });

  it('flatten keeps the values in order', async () => {
    const errors = await operationErrors({
      operation: flatten(true),
      inputShape: [2, 2, 3, 2],
      reference: ({ input = EMPTY }) => input,
    });
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });
});
