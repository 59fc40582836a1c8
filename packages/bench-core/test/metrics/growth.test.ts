import { createGenerator, nextUniform } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { type Growth, growthOf, isGrowing } from '../../src/metrics/growth';

const SAMPLES = 100;
const REQUESTS = 2500;
const STUDIES = 400;
const KILOBYTE = 1000;

/** Bytes at each sample. */
type Series = (random: () => number) => (sample: number) => number;

/** Standard normal, after Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const flat: Record<string, Series> = {
  'independent noise': (random) => () => 1e6 * normal(random),
  'noise that lasts for ten samples': (random) => {
    let value = 0;
    return () => (value = 0.9 * value + 2e5 * normal(random));
  },
  'a random walk': (random) => {
    let value = 0;
    return () => (value += 2e5 * normal(random));
  },
  'a saw of garbage': (random) => {
    const [phase, teeth] = [random(), 3 + 20 * random()];
    return (sample) => 8e6 * ((phase + (teeth * sample) / SAMPLES) % 1);
  },
  'one jump of 16 MB anywhere': (random) => {
    const jump = SAMPLES * random();
    return (sample) => (sample > jump ? 16e6 : 0) + 1e5 * normal(random);
  },
  'four jumps of 2 MB': (random) => {
    const jumps = Array.from({ length: 4 }, () => SAMPLES * random());
    return (sample) => 2e6 * jumps.filter((jump) => sample > jump).length + 2e4 * normal(random);
  },
  'an outlier of 50 MB': (random) => {
    const at = Math.floor(SAMPLES * random());
    return (sample) => (sample === at ? 5e7 : 0) + 1e5 * normal(random);
  },
};

const leak = (bytes: number, series: Series): Series => {
  return (random) => {
    const noise = series(random);
    return (sample) => (bytes * sample * REQUESTS) / SAMPLES + noise(sample);
  };
};

const leaking: Record<string, Series> = {
  'a kilobyte a request': leak(KILOBYTE, (random) => () => 1e5 * normal(random)),
  'a kilobyte a request that memory shows by fifths of a megabyte': (random) => {
    const start = random();
    return (sample) =>
      2e5 * Math.floor(start + (KILOBYTE * sample * REQUESTS) / SAMPLES / 2e5) +
      2e4 * normal(random);
  },
  'ten kilobytes a request beside noise that lasts': leak(
    10 * KILOBYTE,
    flat['noise that lasts for ten samples']!,
  ),
};

function studies(series: Series): Growth[] {
  return Array.from({ length: STUDIES }, (_, seed) => {
    const generator = createGenerator(seed, 'growth');
    const valueAt = series(() => nextUniform(generator));
    return growthOf(
      Array.from({ length: SAMPLES }, (_each, sample) => ({
        at: (sample * REQUESTS) / SAMPLES,
        value: valueAt(sample),
      })),
    );
  });
}

function shareGrowing(growths: readonly Growth[]): number {
  return growths.filter(isGrowing).length / growths.length;
}

describe('growthOf', () => {
  it.each(Object.entries(flat))('takes hardly ever for growth: %s', (_, series) => {
    expect(shareGrowing(studies(series))).toBeLessThanOrEqual(0.015);
  });

  it.each(Object.entries(leaking))('finds nearly always: %s', (_, series) => {
    expect(shareGrowing(studies(series))).toBeGreaterThanOrEqual(0.97);
  });

  it('holds the slope of a random walk that drifts in 99 of 100 intervals', () => {
    const growths = studies(leak(KILOBYTE, flat['a random walk']!));
    const holding = growths.filter(({ low, high }) => low <= KILOBYTE && KILOBYTE <= high);
    expect(holding.length / STUDIES).toBeGreaterThan(0.97);
    expect(holding.length / STUDIES).toBeLessThan(1);
  });

  it('is worked out from the steps between values, as by hand', () => {
    const growth = growthOf([0, 10, 30].map((value, at) => ({ at: at * 10, value })));
    // Steps of 1 and 2 a unit: a mean of 1.5, a standard error of 0.5, and t of 63.657 for one degree of freedom.
    expect(growth.perUnit).toBeCloseTo(1.5, 12);
    expect(growth.high - growth.perUnit).toBeCloseTo(63.657 * 0.5, 2);
    expect(growth.low).toBeCloseTo(1.5 - 63.657 * 0.5, 2);
  });

  it('is wider by what the ends may differ in for reasons of their own', () => {
    const samples = [0, 10, 30].map((value, at) => ({ at: at * 10, value }));
    expect(growthOf(samples, 40).high).toBeCloseTo(growthOf(samples).high + 40 / 20, 12);
  });

  it('takes three samples', () => {
    expect(() => growthOf([0, 1].map((at) => ({ at, value: 0 })))).toThrow(RangeError);
  });
});
