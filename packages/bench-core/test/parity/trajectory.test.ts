import { expect, it } from '@jest/globals';
import { createGateTrajectory } from '../../src/parity/trajectory';

it('the gate trains more than one step, each on a batch of its own', () => {
  const { batches } = createGateTrajectory(['a', 'b', 'c'], 1);
  expect(batches.length).toBeGreaterThanOrEqual(4);
  expect(new Set(batches.map(({ pixels }) => pixels.join())).size).toBe(batches.length);
});
