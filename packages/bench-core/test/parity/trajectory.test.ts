import { expect, it } from '@jest/globals';
import { createRandomTrajectory } from '../../src/parity/trajectory';

it('the gate trains more than one step, each on a batch of its own', () => {
  const { batches } = createRandomTrajectory(['a', 'b', 'c'], 1);
  expect(batches.length).toBeGreaterThanOrEqual(4);
  expect(new Set(batches.map(({ pixels }) => pixels.join())).size).toBe(batches.length);
});
