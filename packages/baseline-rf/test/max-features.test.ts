import { describe, expect, it } from '@jest/globals';
import { countFeatures } from '../src/max-features';

describe('countFeatures', () => {
  it.each([
    ['sqrt', 12288, 110],
    ['log2', 12288, 13],
    [null, 12288, 12288],
    [0.5, 7, 3],
    [0.01, 7, 1],
    [1, 7, 1],
    [7, 7, 7],
    ['sqrt', 1, 1],
    ['log2', 1, 1],
  ] as const)('%s of %d features is %d', (maxFeatures, featureCount, expected) => {
    expect(countFeatures(maxFeatures, featureCount)).toBe(expected);
  });

  it.each([0, -1, 1.5, 8, Number.NaN])('refuses %d of 7 features', (maxFeatures) => {
    expect(() => countFeatures(maxFeatures, 7)).toThrow(/maxFeatures must be/);
  });
});
