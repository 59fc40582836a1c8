import { describe, expect, it } from '@jest/globals';
import { summariseTimeToAccuracy, timeToAccuracy } from '../../src/metrics/time-to-accuracy';
import { completedTrial } from '../results/example-results';

const epoch = completedTrial.epochs[0]!;

function trained(...accuracies: readonly number[]) {
  const epochs = accuracies.map((accuracy, index) => ({ ...epoch, epoch: index + 1, accuracy }));
  return { epochs, accuracy: accuracies.at(-1)!, trainSeconds: 99 };
}

describe('timeToAccuracy', () => {
  it('adds the training of the epochs up to the first that reaches it', () => {
    expect(timeToAccuracy(trained(0.3, 0.5, 0.4, 0.6), 0.5)).toEqual({
      target: 0.5,
      trainSeconds: 20,
      epochs: 2,
    });
  });

  it('says that it was not reached', () => {
    expect(timeToAccuracy(trained(0.3, 0.4), 0.5)).toMatchObject({
      trainSeconds: null,
      epochs: null,
    });
  });

  it('takes a classifier without epochs at the end of its training', () => {
    const forest = { epochs: [], accuracy: 0.6, trainSeconds: 7 };
    expect(timeToAccuracy(forest, 0.6)).toEqual({ target: 0.6, trainSeconds: 7, epochs: null });
    expect(timeToAccuracy(forest, 0.61).trainSeconds).toBeNull();
  });
});

function seeds(...times: readonly (number | null)[]) {
  return times.map((trainSeconds) => ({
    ...completedTrial,
    timeToAccuracy: { target: 0.8, trainSeconds, epochs: trainSeconds },
  }));
}

describe('summariseTimeToAccuracy', () => {
  it('is the median', () => {
    expect(summariseTimeToAccuracy(seeds(9, 2, 4))?.medianTrainSeconds).toBe(4);
    expect(summariseTimeToAccuracy(seeds(2, 4))?.medianTrainSeconds).toBe(3);
  });

  it('counts a miss as infinite', () => {
    expect(summariseTimeToAccuracy(seeds(2, null, 4))).toMatchObject({
      medianTrainSeconds: 4,
      reachedSeeds: 2,
      seeds: 3,
    });
    expect(summariseTimeToAccuracy(seeds(2, null, null))?.medianTrainSeconds).toBeNull();
    expect(summariseTimeToAccuracy(seeds(2, null))?.medianTrainSeconds).toBeNull();
  });

  it('is nothing where no target was asked for', () => {
    expect(summariseTimeToAccuracy([completedTrial])).toBeUndefined();
  });
});
