import { expect, it } from '@jest/globals';
import { METRICS } from '../../src/metrics/metric-definitions';
import { completedTrial } from '../results/example-results';

it('each metric shows its own figure of a trial, in its unit', () => {
  const trial = {
    ...completedTrial,
    totalSeconds: 1,
    trainSeconds: 2,
    inferenceSeconds: 3,
    accuracy: 0.25,
    trainImagesPerSecond: 4,
    inferenceImagesPerSecond: 5,
    latency: { p50Ms: 6, p90Ms: 6.5, p99Ms: 7, samplesMs: [] },
    peakRssBytes: 8 * 2 ** 20,
    cpuSeconds: 9,
    fitCpuSeconds: 10,
  };
  const shown = Object.values(METRICS).map(({ id, unit, value }) => [id, value(trial), unit]);
  expect(shown).toEqual([
    ['totalSeconds', 1, 's'],
    ['trainSeconds', 2, 's'],
    ['inferenceSeconds', 3, 's'],
    ['accuracyPercent', 25, '%'],
    ['trainImagesPerSecond', 4, 'images/s'],
    ['inferenceImagesPerSecond', 5, 'images/s'],
    ['latencyP50Ms', 6, 'ms'],
    ['latencyP99Ms', 7, 'ms'],
    ['peakMemoryMiB', 8, 'MiB'],
    ['cpuSeconds', 9, 's'],
  ]);
});
