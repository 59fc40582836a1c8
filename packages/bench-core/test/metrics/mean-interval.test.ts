import { expect, test } from '@jest/globals';
import {
  coefficientOfVariation,
  meanInterval,
  zeroMeanPValue,
} from '../../src/metrics/mean-interval';
import { studentTPValue, studentTQuantile } from '../../src/metrics/student-t';

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

test('the coefficient of variation is the standard deviation over the mean', () => {
  expect(coefficientOfVariation([9, 10, 11])).toBeCloseTo(0.1, 12);
  expect(coefficientOfVariation([9])).toBeNull();
});

test.each([
  // 2 * scipy.stats.t.sf(t, ν)
  [2.5, 1, 0.242237895],
  [2.5, 2, 0.129612395],
  [-2.5, 9, 0.033861827],
  [0, 5, 1],
  [Number.POSITIVE_INFINITY, 2, 0],
])('t = %p with %i degrees of freedom has its tabulated p-value', (t, degrees, expected) => {
  expect(studentTPValue(t, degrees)).toBeCloseTo(expected, 5);
});

test('the p-value of a zero mean is 0.05 where the interval ends at zero', () => {
  // Differences around their half-width: scipy.stats.ttest_1samp gives 0.05.
  const offset = 4.30265272991 / Math.sqrt(3);
  expect(zeroMeanPValue([offset - 1, offset, offset + 1])).toBeCloseTo(0.05, 8);
});
