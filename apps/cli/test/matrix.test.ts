import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readResults } from '@dlcmp/bench-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDlcmp } from './run-dlcmp';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-matrix-'));
  const sample = ['data', 'sample', '--out', 'scenes', '--train', '4', '--test', '2'];
  expect((await runDlcmp(sample, directory)).status).toBe(0);
});

afterAll(() => rm(directory, { recursive: true }));

const OPTIONS = ['bench', '--data', 'scenes', '--epochs', '1', '--out', 'run'];

describe('dlcmp bench --matrix', () => {
  it('runs each combination, and goes on after those that are done', async () => {
    const matrix = 'adapters: [rf, onnx]\nimageSizes: [16, 24]\nbatchSizes: [8]\n';
    await writeFile(join(directory, 'sizes.yaml'), matrix);
    const options = [...OPTIONS, '--matrix', 'sizes.yaml'];
    expect((await runDlcmp(options, directory)).status).toBe(0);
    const { trials } = await readResults(join(directory, 'run'));
    expect(trials).toHaveLength(3);
    // They ran in random order.
    expect(trials.map(({ adapter, settings, status }) => [adapter, settings, status])).toEqual(
      expect.arrayContaining([
        ['baseline-rf', { imageSize: 64, batchSize: null, learningRate: null }, 'completed'],
        ['cnn-onnx', { imageSize: 16, batchSize: 8, learningRate: 0.001 }, 'completed'],
        ['cnn-onnx', { imageSize: 24, batchSize: 8, learningRate: 0.001 }, 'completed'],
      ]),
    );
    expect((await runDlcmp([...options, '--resume'], directory)).status).toBe(0);
    expect((await readResults(join(directory, 'run'))).trials).toEqual(trials);
  });

  it.each([
    ['imageSizes: [16', /JSON or YAML/],
    ['imageSize: [16]', /Unrecognized key: "imageSize"\..*imageSizes, batchSizes/],
    ['imageSizes: [thirty]', /imageSizes\.0: .*number.*string/],
    ['batchSizes: 8', /batchSizes: .*array.*number/],
    ['seeds: [1, 1]', /seeds holds a value twice/],
    ['adapters: [theano]', /theano/],
    ['{"adapters": ["rf"], "backends": {"onnx": ["cpu"]}}', /onnx/],
  ])('exits 2 for %j, naming what is wrong', async (content, words) => {
    await writeFile(join(directory, 'wrong.yaml'), content);
    const options = [...OPTIONS, '--force', '--matrix', 'wrong.yaml'];
    const { status, stderr } = await runDlcmp(options, directory);
    expect(status).toBe(2);
    expect(stderr).toMatch(words);
  });
});
