import type { Adapter } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import type { BenchPlan } from '../../src/run/bench-plan';
import { parseMatrix, planAt, settingsOf } from '../../src/run/matrix';
import { schedule } from '../../src/run/schedule';
import { createTrialJob } from '../../src/run/trial-settings';
import { exampleResults } from '../results/example-results';

function selected(id: string, family: Adapter['family']) {
  const adapter = { id, displayName: id, family } as Adapter;
  return {
    adapter,
    backend: 'cpu',
    title: id,
    contender: `${id}:cpu`,
    reference: { moduleUrl: `file:///${id}.mjs`, factory: 'f' },
  };
}

function images(side: number) {
  const file = { pixelsPath: `pixels-${side}`, labels: new Int32Array(4), count: 4 };
  return { size: { inputHeight: side, inputWidth: side }, train: file, test: file };
}

const forest = selected('forest', 'forest');
const cnn = selected('cnn', 'cnn');

const plan: BenchPlan = {
  configuration: {
    ...exampleResults.configuration,
    seeds: [1, 2],
    matrix: { imageSizes: [16, 32], batchSizes: [4, 8], learningRates: [0.001] },
  },
  adapters: [forest, cnn],
  dataset: exampleResults.dataset,
  images: { cnn: images(16), forest: images(8) },
  sizedImages: new Map([16, 32].map((side) => [side, images(side)])),
  outputDirectory: 'out',
};

describe('a matrix', () => {
  it('crosses its axes for a CNN, and runs a forest once', () => {
    expect(settingsOf(plan, cnn)).toHaveLength(4);
    expect(settingsOf(plan, forest)).toEqual([
      { imageSize: 8, batchSize: null, learningRate: null },
    ]);
    const turns = schedule(plan);
    expect(turns).toHaveLength(2 * 5);
    expect(new Set(turns.map(({ position }) => position)).size).toBe(10);
  });

  it('gives each trial its settings, its images and a model folder of its own', () => {
    const jobs = schedule(plan)
      .filter((turn) => turn.selected === cnn)
      .map(({ settings, seed }) => createTrialJob(planAt(plan, settings), cnn, seed));
    for (const job of jobs) {
      expect(job.train.pixelsPath).toBe(`pixels-${job.plan.spec.inputHeight}`);
    }
    const trained = jobs.map(({ plan: { spec, training } }) => [
      spec.inputWidth,
      training.batchSize,
      training.learningRate,
    ]);
    expect(trained).toContainEqual([32, 4, 0.001]);
    expect(new Set(jobs.map((job) => job.plan.modelDirectory)).size).toBe(8);
  });
});

describe('parseMatrix', () => {
  it('takes any of its axes', () => {
    const matrix = { imageSizes: [32, 64], backends: { onnx: ['cpu'] }, seeds: [1] };
    expect(parseMatrix(matrix, 'm.yaml')).toEqual(matrix);
    expect(parseMatrix({}, 'm.yaml')).toEqual({});
  });

  it.each<[unknown, string]>([
    [{ imageSize: [32] }, 'imageSize'],
    [{ imageSizes: 32 }, 'imageSizes'],
    [{ imageSizes: [] }, 'imageSizes'],
    [{ imageSizes: [4] }, 'imageSizes'],
    [{ batchSizes: [1.5] }, 'batchSizes'],
    [{ learningRates: [0] }, 'learningRates'],
    [{ learningRates: ['fast'] }, 'learningRates'],
    [{ seeds: [-1] }, 'seeds'],
    [{ seeds: [1, 1] }, 'seeds holds a value twice'],
    [{ backends: { onnx: 'cpu' } }, 'onnx'],
    [null, 'm.yaml'],
    ['text', 'm.yaml'],
  ])('refuses %j, naming the file and the axis', (content, word) => {
    expect(() => parseMatrix(content, 'm.yaml')).toThrow(word);
    expect(() => parseMatrix(content, 'm.yaml')).toThrow('--matrix m.yaml');
  });
});
