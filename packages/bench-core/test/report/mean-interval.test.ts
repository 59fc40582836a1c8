import { expect, test } from '@jest/globals';
import { meanInterval, studentTQuantile } from '../../src/report/mean-interval';

test.each([
  // scipy.stats.t.ppf(0.975, ν)
  [1, 12.70620473643],
  [2, 4.30265272991],
  [3, 3.18244630528],
  [4, 2.7764451052],
  [9, 2.26215716274],
  [30, 2.0422724563],
  [999, 1.96234146113],
])('the t quantile of %i degrees of freedom is the tabulated one', (degrees, expected) => {
  expect(studentTQuantile(degrees)).toBeCloseTo(expected, 9);
});

test('the interval is the quantile times the standard error', () => {
  // Deviations −1, 0, 1: standard deviation 1, standard error 1/√3.
  const { mean, halfWidth } = meanInterval([9, 10, 11]);
  expect(mean).toBe(10);
  expect(halfWidth).toBeCloseTo(4.30265272991 / Math.sqrt(3), 8);
});

test('a single value has no interval', () => {
  expect(meanInterval([7])).toEqual({ mean: 7, halfWidth: null });
});
