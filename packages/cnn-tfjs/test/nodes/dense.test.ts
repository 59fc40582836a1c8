import { describe, expect, it } from '@jest/globals';
import { dense } from '../../src/nodes/dense';
import { resolvedNode } from '../resolved-node';
import { operationErrors, ROUNDING } from './node-check';

describe('dense', () => {
  it.each([
    { rows: 1, inputs: 1, outputs: 1, threads: 1 },
    { rows: 3, inputs: 7, outputs: 5, threads: 1 },
    { rows: 5, inputs: 17, outputs: 16, threads: 2 },
    { rows: 4, inputs: 8, outputs: 27, threads: 3 },
    { rows: 2, inputs: 261, outputs: 9, threads: 1 },
    { rows: 2, inputs: 3, outputs: 263, threads: 1 },
  ])('computes products and their gradients, %o', async ({ rows, inputs, outputs, threads }) => {
    const errors = await operationErrors({
      operation: dense(resolvedNode('dense', [[inputs]], { units: outputs })),
      inputShape: [rows, inputs],
      weightShapes: { 'node.weight': [inputs, outputs] },
      reference: ({ input = new Float64Array(), 'node.weight': weight = new Float64Array() }) =>
        Float64Array.from({ length: rows * outputs }, (_, index) => {
          const [row, column] = [Math.floor(index / outputs), index % outputs];
          let sum = 0;
          for (let k = 0; k < inputs; k++)
            sum += (input[row * inputs + k] as number) * (weight[k * outputs + column] as number);
          return sum;
        }),
      threads,
    });
    expect(Object.keys(errors)).toEqual(['output', 'input', 'node.weight']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
  });
});
