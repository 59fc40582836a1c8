import { describe, expect, test } from '@jest/globals';
import { poissonArrivals } from '../../../src/measure/server/arrivals';

const gapsOf = (due: Float64Array) =>
  due.map((at, index) => (index === 0 ? at : at - (due[index - 1] as number)));
const mean = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('poissonArrivals', () => {
  test('are the same for the same seed, and others for another', () => {
    const due = poissonArrivals(7, 50, 10);
    expect(poissonArrivals(7, 50, 10)).toEqual(due);
    expect(poissonArrivals(8, 50, 10)).not.toEqual(due);
  });

  test('of a seed keep their pattern at another rate', () => {
    const slow = poissonArrivals(7, 10, 100);
    const fast = poissonArrivals(7, 20, 50);
    expect(fast).toHaveLength(slow.length);
    const apart = fast.map((at, index) => Math.abs(at - (slow[index] as number) / 2));
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });

  test('come at the rate, with gaps that scatter and hang together as those of a Poisson process', () => {
    const due = poissonArrivals(1, 100, 400);
    const gaps = gapsOf(due);
    // 40,000 arrivals: their number scatters by 200, the gaps' mean and deviation by 0.5%.
    expect(Math.abs(due.length - 40_000)).toBeLessThan(4 * 200);
    const middle = mean(gaps);
    const deviation = Math.sqrt(mean(gaps.map((gap) => (gap - middle) ** 2)));
    expect(Math.abs(mean(gaps) / 10 - 1)).toBeLessThan(0.02);
    expect(Math.abs(deviation / 10 - 1)).toBeLessThan(0.04);
    // A share of 1/e is longer than the mean.
    const long = gaps.filter((gap) => gap > 10).length / gaps.length;
    expect(Math.abs(long - Math.exp(-1))).toBeLessThan(0.01);
    // Each gap is independent of the one before.
    const products = gaps.slice(1).map((gap, index) => (gap - 10) * ((gaps[index] as number) - 10));
    expect(Math.abs(mean(products) / 100)).toBeLessThan(0.03);
    expect(due.every((at) => at >= 0 && at < 400_000)).toBe(true);
  });
});
