import { describe, expect, it } from '@jest/globals';
import {
  compareOutcomes,
  isWithinTolerance,
  PARITY_TOLERANCE,
} from '../../src/parity/compare-outcomes';
import type { TrajectoryOutcome } from '../../src/parity/trajectory';

function outcome(change: Partial<TrajectoryOutcome> = {}): TrajectoryOutcome {
  return {
    logits: [Float32Array.of(3, 4)],
    losses: [2],
    gradients: { w: { shape: [2], data: Float32Array.of(6, 8) } },
    finalWeights: { w: { shape: [2], data: Float32Array.of(1, 1) } },
    ...change,
  };
}

describe('compareOutcomes', () => {
  it('finds no error between equals', () => {
    const errors = compareOutcomes(outcome(), outcome());
    expect(errors).toEqual({ logits: 0, losses: 0, gradients: 0, finalWeights: 0 });
  });

  it('takes the largest difference over the root mean square of the reference', () => {
    const errors = compareOutcomes(outcome({ logits: [Float32Array.of(3.5, 4)] }), outcome());
    expect(errors.logits).toBeCloseTo(0.5 / Math.sqrt((9 + 16) / 2), 6);
  });

  it('takes a loss relative to the reference', () => {
    expect(compareOutcomes(outcome({ losses: [2.02] }), outcome()).losses).toBeCloseTo(0.01, 9);
  });

  it('takes the worst tensor', () => {
    const gradients = { w: { shape: [2], data: Float32Array.of(6, 9) } };
    const errors = compareOutcomes(outcome({ gradients }), outcome());
    expect(errors.gradients).toBeCloseTo(1 / Math.sqrt(50), 6);
  });

  it('sees weights that end elsewhere', () => {
    const finalWeights = { w: { shape: [2], data: Float32Array.of(1, 1.25) } };
    expect(compareOutcomes(outcome({ finalWeights }), outcome()).finalWeights).toBe(0.25);
  });

  it('lets one number that is 1% off stand out', () => {
    const logits = [Float32Array.of(3 * 1.01, 4)];
    const errors = compareOutcomes(outcome({ logits }), outcome());
    expect(isWithinTolerance(errors, PARITY_TOLERANCE)).toBe(false);
  });

  it('counts NaN as beyond tolerance', () => {
    const errors = compareOutcomes(outcome({ losses: [Number.NaN] }), outcome());
    expect(isWithinTolerance(errors, PARITY_TOLERANCE)).toBe(false);
  });

  it('refuses trajectories of different shapes', () => {
    expect(() => compareOutcomes(outcome({ logits: [Float32Array.of(3)] }), outcome())).toThrow(
      'differ in shape',
    );
  });
});
