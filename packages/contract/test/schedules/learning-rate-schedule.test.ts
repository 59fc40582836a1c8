import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { constantSchedule, cosineSchedule, oneCycleSchedule } from '../../src';

interface RecordedSchedule {
  readonly kind: 'constant' | 'cosine' | 'oneCycle';
  readonly options: object;
  readonly learningRate: number;
  readonly rates: readonly number[];
}

const recordedSchedules: readonly RecordedSchedule[] = JSON.parse(
  readFileSync(new URL('../fixtures/pytorch-schedules.json', import.meta.url), 'utf8'),
);

const SCHEDULES = {
  constant: ({ learningRate }: { learningRate: number }) => constantSchedule(learningRate),
  cosine: cosineSchedule,
  oneCycle: oneCycleSchedule,
};

describe('learning-rate schedules', () => {
  it.each(recordedSchedules)('are PyTorch’s: $kind $options', (recorded) => {
    const { kind, options, learningRate, rates } = recorded;
    const schedule = SCHEDULES[kind]({ learningRate, ...options });
    rates.forEach((rate, step) => {
      expect(schedule(step, rates.length) / rate).toBeCloseTo(1, 10);
    });
  });

  it('stay finite in runs as short as one step', () => {
    for (const total of [1, 2, 3]) {
      for (let step = 0; step < total; step++) {
        for (const create of [cosineSchedule, oneCycleSchedule]) {
          const rate = create({ learningRate: 0.1 })(step, total);
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(0.1);
        }
        expect(cosineSchedule({ learningRate: 0.1, warmupSteps: 5 })(step, total)).toBeGreaterThan(
          0,
        );
      }
    }
  });

  it.each([
    [() => constantSchedule(0), 'learningRate'],
    [() => constantSchedule(Number.NaN), 'learningRate'],
    [() => cosineSchedule({ learningRate: 0.1, warmupSteps: -1 }), 'warmupSteps'],
    [() => cosineSchedule({ learningRate: 0.1, minimum: 0.2 }), 'minimum'],
    [() => oneCycleSchedule({ learningRate: 0.1, riseFraction: 1 }), 'riseFraction'],
    [() => oneCycleSchedule({ learningRate: 0.1, finalDivisor: 0 }), 'finalDivisor'],
  ])('refuse a setting out of range (%#)', (create, name) => {
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(create).toThrow(name);
  });
});
