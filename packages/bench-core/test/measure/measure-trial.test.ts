import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { measureTrial } from '../../src/measure/measure-trial';
import {
  CPU_SECONDS_PER_SECOND,
  FakeTrial,
  SAVED_BYTES,
  TEST_COUNT,
  TRAIN_COUNT,
  WATTS,
} from './fake-trial';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-measure-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function measure(family: 'cnn' | 'forest' = 'cnn') {
  const trial = new FakeTrial(family, directory);
  return { trial, measured: await measureTrial(trial.plan, trial.environment()) };
}

// Steps of 5 and 1 + 1 s, then 1 + 1 + 1 s, and half a second after the last.
const TRAIN_SECONDS = 7 + 3 + 0.5;
// After each of two epochs three batches of 10 s.
const EVALUATION_SECONDS = 2 * 3 * 10;
const FIT_SECONDS = TRAIN_SECONDS + EVALUATION_SECONDS;
const BEFORE_FIT = 11 + 13 + 17;
// A warm-up batch of 1,000 s, then three batches of 2 s.
const AT_SAVE = BEFORE_FIT + FIT_SECONDS + 1000 + 6 + 7;

describe('the times of a trial of a CNN', () => {
  it('hold each phase apart', async () => {
    const { measured } = await measure();
    expect(measured.phases).toMatchObject({
      importSeconds: 11,
      createSeconds: 13,
      dataSeconds: 17,
      firstStepSeconds: 5,
      evaluationSeconds: EVALUATION_SECONDS,
      saveSeconds: 7,
    });
  });

  it('count as training every step and what fit does after the last, and no evaluation', async () => {
    const { measured } = await measure();
    expect(measured.trainSeconds).toBe(TRAIN_SECONDS);
    expect(measured.trainImagesPerSecond).toBe((2 * TRAIN_COUNT) / TRAIN_SECONDS);
  });

  it('tell of each epoch its training, its evaluation and its pace', async () => {
    const { trial, measured } = await measure();
    const epochs = [
      { epoch: 1, trainSeconds: 7, trainLoss: 1 },
      { epoch: 2, trainSeconds: 3, trainLoss: 0.5 },
    ].map((epoch) => ({
      ...epoch,
      trainImagesPerSecond: TRAIN_COUNT / epoch.trainSeconds,
      accuracy: 0.7,
      evaluationSeconds: 30,
    }));
    expect(measured.epochs).toEqual(epochs);
    expect(trial.epochs).toEqual(epochs);
  });

  it('tell while training how many images of the epoch a second has seen', async () => {
    const { trial } = await measure();
    const paces = trial.progress.map(({ imagesPerSecond }) => imagesPerSecond);
    expect(paces).toEqual([32 / 5, 64 / 6, 80 / 7, 32 / 1, 64 / 2, 80 / 3]);
  });

  it('count as inference the test set in batches, without the one that warms up', async () => {
    const { measured } = await measure();
    expect(measured.inferenceSeconds).toBe(3 * 2);
    expect(measured.inferenceImagesPerSecond).toBe(TEST_COUNT / 6);
    expect(measured).toMatchObject({ inferenceBatchSize: 32, testCount: 70, trainCount: 80 });
    expect(measured.accuracy).toBe(0.7);
  });

  it('give the latency of single images in milliseconds, warm, percentiles of sorted samples', async () => {
    const { latency } = (await measure()).measured;
    expect(latency.samplesMs).toHaveLength(200);
    expect(latency.samplesMs.slice(0, 3)).toEqual([1, 8, 5].map((units) => (units * 1000) / 128));
    expect(latency.p50Ms).toBeCloseTo((5.5 * 1000) / 128, 9);
    // 199 · 0.9 = 179.1 places above the least: a tenth of the way from the 9th value to the 10th.
    expect(latency.p90Ms).toBeCloseTo((9.1 * 1000) / 128, 9);
    expect(latency.p99Ms).toBeCloseTo((10 * 1000) / 128, 9);
    expect(latency.p999Ms).toBeNull();
  });

  it('give images a second at each batch size, warm', async () => {
    const { throughput } = (await measure()).measured;
    expect(throughput).toEqual(
      [1, 8, 32, 128].map((batchSize) => ({
        batchSize,
        imagesPerSecond: 8 * batchSize,
        images: 4 * batchSize,
        seconds: 0.5,
      })),
    );
  });

  it('time loading the saved model apart from its first answer, and ask it again', async () => {
    const { savedModel, latency } = (await measure()).measured;
    // The model that is loaded takes every image for one of the other class.
    expect(savedModel).toEqual({
      sizeBytes: SAVED_BYTES,
      loadSeconds: 3,
      accuracy: expect.closeTo(0.3, 9),
    });
    expect(latency.firstCallMs).toBe(250);
  });

  it('hold in the scenarios all that no script does, and nothing else', async () => {
    const { trial, measured } = await measure();
    expect(measured.phases.scenarioSeconds).toBe(trial.now - AT_SAVE);
  });

  it('begin the phases in their order, each when the one before has ended', async () => {
    const { trial } = await measure();
    expect(trial.phases.slice(0, 7)).toEqual([
      ['import', 0],
      ['create', 11],
      ['data', 11 + 13],
      ['train', BEFORE_FIT],
      ['inference', BEFORE_FIT + FIT_SECONDS],
      ['save', AT_SAVE - 7],
      ['latency', AT_SAVE],
    ]);
  });
});

describe('the cost of a trial', () => {
  it('is processor time and energy of fit, and processor time and memory up to the saved model', async () => {
    const { measured } = await measure();
    expect(measured.fitCpuSeconds).toBe(CPU_SECONDS_PER_SECOND * FIT_SECONDS);
    expect(measured.fitEnergyJoules).toBe(WATTS * FIT_SECONDS);
    expect(measured.cpuSeconds).toBe(CPU_SECONDS_PER_SECOND * AT_SAVE);
    expect(measured.peakRssBytes).toBe(1e6 + AT_SAVE);
  });

  it('is that of the process that computes, where it is another one', async () => {
    const trial = new FakeTrial('cnn', directory);
    const resourceUsage = async () => ({ cpuSeconds: 3 * trial.now, peakRssBytes: 5e6 });
    const measured = await measureTrial(
      trial.plan,
      trial.environment({ loadAdapter: async () => trial.adapter({ resourceUsage }) }),
    );
    expect(measured.fitCpuSeconds).toBe(3 * FIT_SECONDS);
    expect(measured.cpuSeconds).toBe(3 * (AT_SAVE - 11));
    expect(measured.peakRssBytes).toBe(5e6);
  });
});

describe('the times of a trial of a forest', () => {
  it('have no steps and no evaluation', async () => {
    const { measured } = await measure('forest');
    expect(measured.trainSeconds).toBe(4);
    expect(measured.trainImagesPerSecond).toBe(TRAIN_COUNT / 4);
    expect(measured.epochs).toEqual([]);
    expect(measured.phases).toMatchObject({ firstStepSeconds: null, evaluationSeconds: 0 });
    expect(measured.inferenceSeconds).toBe(6);
    expect(measured.fitCpuSeconds).toBe(CPU_SECONDS_PER_SECOND * 4);
    expect(measured.fitEnergyJoules).toBe(WATTS * 4);
  });
});
