import { describe, expect, it } from '@jest/globals';
import { correctWithin, holmCorrection } from '../../src/metrics/holm';
import { biasPValue } from '../../src/metrics/lasting-bias';
import { mcNemarTest, signTestPValue } from '../../src/metrics/mcnemar';
import { pairedBootstrap } from '../../src/metrics/paired-bootstrap';

describe('McNemar’s exact test', () => {
  it.each([
    [0, 0, 1],
    [1, 5, 14 / 64],
    [5, 1, 14 / 64],
    [3, 3, 1],
    [0, 10, 2 / 1024],
  ])('of %i against %i discordant images', (some, others, expected) => {
    expect(signTestPValue(some, others)).toBeCloseTo(expected, 10);
  });

  it('stays exact where powers of ½ are no longer floating-point numbers', () => {
    expect(signTestPValue(1000, 1000)).toBeCloseTo(1, 8);
    expect(signTestPValue(1000, 1200)).toBeGreaterThan(1e-5);
    expect(signTestPValue(1000, 1200)).toBeLessThan(1e-4);
  });

  it('counts only images on which the two differ', () => {
    const test = mcNemarTest([true, true, false, false], [true, false, true, false]);
    expect(test).toMatchObject({ onlyLeftRight: 1, onlyRightRight: 1 });
  });
});

describe('Holm’s correction', () => {
  it('agrees with R: p.adjust(c(0.03, 0.01, 0.02, 0.5), "holm")', () => {
    const corrected = holmCorrection([0.03, 0.01, 0.02, 0.5]);
    for (const [index, expected] of [0.06, 0.04, 0.06, 0.5].entries())
      expect(corrected[index]).toBeCloseTo(expected, 12);
  });

  it('stays at most 1', () => {
    expect(holmCorrection([0.9, 0.8])).toEqual([1, 1]);
  });

  it('leaves what is in another group out of account', () => {
    const items = [
      { group: 'a', p: 0.01 },
      { group: 'a', p: 0.04 },
      { group: 'b', p: 0.04 },
    ];
    const corrected = correctWithin(
      items,
      ({ group }) => group,
      ({ p }) => p,
    );
    expect(items.map((item) => corrected.get(item))).toEqual([0.02, 0.04, 0.04]);
  });
});

describe('the p-value of a lasting bias', () => {
  it('agrees with R: 2 * pnorm(-log(1.1) / (sqrt(2) * 0.025))', () => {
    expect(biasPValue(1.1, 0.025)).toBeCloseTo(0.00702242, 6);
    expect(biasPValue(1 / 1.1, 0.025)).toBeCloseTo(0.00702242, 6);
    expect(biasPValue(1, 0.025)).toBeCloseTo(1, 6);
  });
});

describe('the paired bootstrap', () => {
  it('agrees with the normal approximation on many images', () => {
    // +1, −1 and 0 for 30, 10 and 160 of 200 images: mean 0.1, standard error 0.0308.
    const differences = Float64Array.from({ length: 200 }, (_, i) =>
      i < 30 ? 1 : i < 40 ? -1 : 0,
    );
    const { mean, low, high } = pairedBootstrap(differences);
    expect(mean).toBeCloseTo(0.1, 12);
    expect(Math.abs(low - (0.1 - 1.96 * 0.0308))).toBeLessThan(0.01);
    expect(Math.abs(high - (0.1 + 1.96 * 0.0308))).toBeLessThan(0.01);
  });

  it('gives the same interval every time', () => {
    const differences = Float64Array.from({ length: 50 }, (_, i) => (i % 3) - 1);
    expect(pairedBootstrap(differences)).toEqual(pairedBootstrap(differences));
  });
});
