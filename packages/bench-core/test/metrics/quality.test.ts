import { describe, expect, it } from '@jest/globals';
import { measureQuality, mostProbableClasses } from '../../src/metrics/quality';

/** Six images of three classes, worked by hand. */
const labels = Int32Array.of(0, 0, 1, 1, 2, 2);
const probabilities = Float32Array.of(
  ...[0.5, 0.25, 0.25],
  ...[0.25, 0.5, 0.25],
  ...[0.25, 0.5, 0.25],
  ...[0, 1, 0],
  ...[0.5, 0.25, 0.25],
  ...[0.25, 0.5, 0.25],
);
const quality = measureQuality(probabilities, labels, ['a', 'b', 'c']);

describe('measureQuality', () => {
  it('counts hits as accuracy', () => {
    expect(quality.accuracy).toBeCloseTo(3 / 6, 12);
  });

  it('counts true classes in rows and predicted ones in columns', () => {
    expect(quality.confusionMatrix).toEqual([
      [1, 1, 0],
      [0, 2, 0],
      [1, 1, 0],
    ]);
  });

  it('has precision, recall, F1 and support of each class', () => {
    const [a, b] = quality.perClass;
    expect(a).toMatchObject({ className: 'a', precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
    expect(b?.precision).toBeCloseTo(2 / 4, 12);
    expect(b?.recall).toBe(1);
    expect(b?.f1).toBeCloseTo(2 / 3, 12);
    expect(b?.support).toBe(2);
  });

  it('has 0 where a class is never predicted', () => {
    expect(quality.perClass[2]).toMatchObject({ precision: 0, recall: 0, f1: 0 });
  });

  it('averages the negative log-probability of the true class', () => {
    const expected = (Math.log(2) + Math.log(4) + Math.log(2) + 0 + Math.log(4) + Math.log(4)) / 6;
    expect(quality.logLoss).toBeCloseTo(expected, 6);
  });

  it('clips a probability of zero', () => {
    const sure = measureQuality(Float32Array.of(1, 0), Int32Array.of(1), ['a', 'b']);
    expect(sure.logLoss).toBeCloseTo(-Math.log(1e-15), 6);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'has no figures where a model answers %s',
    (value) => {
      const answer = Float32Array.of(1, 0, value, 0);
      expect(() => measureQuality(answer, Int32Array.of(0, 1), ['a', 'b'])).toThrow(
        `The model answers ${value} in place of a probability.`,
      );
    },
  );

  it('takes the first of equally probable classes', () => {
    expect(mostProbableClasses(Float32Array.of(0.5, 0.5, 0.2, 0.8), 2)).toEqual([0, 1]);
  });
});
