import { expect, test } from '@jest/globals';
import { welchInterval } from '../../src/metrics/welch';

// By hand: variances of the means 5/3 and 5/12, so t over 4.41 degrees of freedom, rounded to 4.
test('of 2, 4, 6, 8 and 1, 2, 3, 4 is Welch’s', () => {
  const { mean, halfWidth } = welchInterval([2, 4, 6, 8], [1, 2, 3, 4]);
  expect(mean).toBe(2.5);
  expect(halfWidth).toBeCloseTo(2.776445105 * Math.sqrt(5 / 12 + 20 / 12), 6);
});

test('is null of a single value, and 0 wide where nothing varies', () => {
  expect(welchInterval([1], [1, 2]).halfWidth).toBeNull();
  expect(welchInterval([3, 3], [1, 1])).toEqual({ mean: 2, halfWidth: 0 });
});
