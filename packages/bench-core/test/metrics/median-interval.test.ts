import { createGenerator, nextUniform } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { medianInterval } from '../../src/metrics/median-interval';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index);

describe('medianInterval', () => {
  it('goes from the sixth to the fifteenth of twenty, as in tables of the binomial', () => {
    expect(medianInterval(upTo(20))).toEqual({ median: 10.5, low: 6, high: 15 });
  });

  it('has none of five values, and the extremes of six', () => {
    expect(medianInterval(upTo(5))).toEqual({ median: 3, low: null, high: null });
    expect(medianInterval(upTo(6))).toEqual({ median: 3.5, low: 1, high: 6 });
  });

  it('holds the true median in 95 of 100 samples of a skewed law', () => {
    const generator = createGenerator(1, 'median');
    const holds = Array.from({ length: 2000 }, () => {
      const times = Array.from({ length: 20 }, () => -Math.log(1 - nextUniform(generator)));
      const { low, high } = medianInterval(times);
      return low! <= Math.LN2 && Math.LN2 <= high!;
    });
    const share = holds.filter(Boolean).length / holds.length;
    expect(share).toBeGreaterThan(0.94);
    expect(share).toBeLessThan(0.975);
  });
});
