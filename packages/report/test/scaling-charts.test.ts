import { expect, test } from '@jest/globals';
import { createReport } from '../src';
import { scalingCharts } from '../src/charts/scaling-charts';
import { completedTrial, sampleResults } from './sample-results';

const at = (imageSize: number, seed: number, trainSeconds: number) => ({
  ...completedTrial({ seed, trainSeconds }),
  settings: { imageSize, batchSize: 32, learningRate: 0.001 },
});

test('draws the axis that a matrix sweeps, means over seeds', () => {
  const trials = [at(32, 1, 10), at(32, 2, 30), at(64, 1, 40), at(64, 2, 40)];
  const charts = scalingCharts(createReport(sampleResults(trials)));
  expect(charts.map(({ id }) => id)).toEqual([
    'training-throughput-by-image-size',
    'accuracy-by-image-size',
  ]);
  // 3600 images in 10 and 30 seconds: 360 and 120 a second; in 40 seconds: 90.
  expect(charts[0]?.table.rows).toEqual([
    ['ONNX Runtime (CNN) on cpu', '32', '240.0'],
    ['ONNX Runtime (CNN) on cpu', '64', '90.0'],
  ]);
});

test('draws none where nothing is swept', () => {
  expect(scalingCharts(createReport(sampleResults([completedTrial(), at(32, 2, 1)])))).toEqual([]);
});
