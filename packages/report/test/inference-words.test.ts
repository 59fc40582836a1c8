import type { InferenceResults } from '@dlcmp/bench-core/results';
import { expect, it } from '@jest/globals';
import { inferenceSentences } from '../src/inference/inference-words';
import { renderInferenceHtml } from '../src/inference/render-inference-html';

const identity = (model: number, name: string) => ({
  model,
  runtime: 'onnxruntime-node',
  title: name,
});
const answered = {
  status: 'answered',
  versions: {},
  agrees: true,
  measured: [],
  notes: [],
} as const;
const model = (path: string, precision: 'fp32' | 'int8') => ({
  path,
  format: 'onnx',
  precision,
  fileBytes: 1,
});

const RESULTS: InferenceResults = {
  schemaVersion: 1,
  kind: 'inference',
  startedAt: '2026-01-01T00:00:00.000Z',
  machine: {
    os: 'Linux',
    cpuModel: 'CPU',
    cpuFlags: [],
    coresAllowed: 2,
    memoryBytes: 1,
    gpus: [],
    nodeVersion: '20.9.0',
  },
  configuration: { threads: 2, repeats: 0, seed: 1, images: 4, isLabelled: false, tolerance: 1e-4 },
  models: [model('a.onnx', 'fp32'), model('<b>.onnx', 'int8')],
  runs: [
    { ...identity(0, 'a'), ...answered },
    {
      ...identity(0, 'b'),
      ...answered,
      agrees: false,
      difference: {
        against: 'a',
        largest: 0.25,
        agreement: 0.5,
        explanation: {
          fault: 'channels-swapped',
          words: 'red and blue were swapped',
          remaining: 6e-8,
        },
      },
    },
    { ...identity(1, 'c'), ...answered },
  ],
  precisions: [],
  comparisons: [],
};

it('tells what differs and why, and calls no model in int8 the same without labels', () => {
  expect(inferenceSentences(RESULTS)).toEqual([
    '1 of 2 runs in float32 or float16 answer alike for 4 images.',
    expect.stringMatching(/^<b>\.onnx \(int8\) is not judged.*give labels/),
    'b differs from a by up to 0.25 of a probability, and names the same class for 50.0 % of images. It is as if red and blue were swapped: with that, 6e-8 is left.',
  ]);
});

it('draws a page in which names are text', () => {
  const page = renderInferenceHtml(RESULTS);
  expect(page).toContain('&lt;b&gt;.onnx');
  expect(page).not.toContain('<b>.onnx');
});
