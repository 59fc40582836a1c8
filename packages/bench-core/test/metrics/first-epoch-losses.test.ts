import { describe, expect, it } from '@jest/globals';
import { firstEpochLosses } from '../../src/metrics/first-epoch-losses';
import type { CompletedTrial } from '../../src/results/bench-results';
import { completedTrial, exampleResults } from '../results/example-results';

function trial(adapter: string, seed: number, trainLoss: number): CompletedTrial {
  const epochs = completedTrial.epochs.map((epoch) => ({ ...epoch, trainLoss }));
  return { ...completedTrial, adapter, seed, epochs };
}

describe('firstEpochLosses', () => {
  it('gives the largest distance within a seed, never between seeds', () => {
    const trials = [trial('a', 1, 1), trial('b', 1, 1.005), trial('a', 2, 2), trial('b', 2, 2.04)];
    const losses = firstEpochLosses({ ...exampleResults, trials });
    expect(losses?.contenders).toBe(2);
    expect(losses?.largestSpread).toBeCloseTo(0.02, 12);
  });

  it('leaves forests out, and says nothing of a single CNN', () => {
    const forest: CompletedTrial = { ...trial('rf', 1, 9), family: 'forest' };
    const results = { ...exampleResults, trials: [trial('a', 1, 1), forest] };
    expect(firstEpochLosses(results)).toBeUndefined();
  });

  it('says nothing in the defaults track, where CNNs differ by design', () => {
    const configuration = { ...exampleResults.configuration, track: 'defaults' as const };
    const trials = [trial('a', 1, 1), trial('b', 1, 2)];
    expect(firstEpochLosses({ ...exampleResults, configuration, trials })).toBeUndefined();
  });
});
