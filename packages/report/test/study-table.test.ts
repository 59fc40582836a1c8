import type { BenchResults } from '@dlcmp/bench-core/results';
import { expect, test } from '@jest/globals';
import { createReport, renderStudyTable } from '../src';
import { completedTrial, failedTrial, sampleResults } from './sample-results';

const FOREST = { adapter: 'baseline-rf', displayName: 'Random Forest' };
const TENSORFLOW = {
  adapter: 'cnn-tfjs',
  displayName: 'TensorFlow.js (CNN)',
  backend: 'wasm',
};

test("shows the original study's columns", () => {
  const trials = [
    completedTrial({
      ...FOREST,
      hitsOfTen: 5,
      trainSeconds: 8.2,
      notes: ['a note of its own.'],
    }),
    completedTrial({
      hitsOfTen: 7,
      trainSeconds: 1234.5,
      inferenceSeconds: 2.05,
    }),
    failedTrial(TENSORFLOW),
  ];
  expect(table(sampleResults(trials))).toMatchInlineSnapshot(`
    "FINAL BENCHMARK RESULTS
    intel: 1,200 training and 10 test images, 6 classes
    parity track, 3 epochs, batch size 32, learning rate 0.001, seed 1, CNN on
    150×150 pixels, forest on 64×64
    AMD EPYC 7B13, 2 threads on 2 cores, 16.0 GiB, Linux 6.8, Node.js v20.20.2
    ────────────────────────────────────────────────────────────────────────────────
    Framework                    Total Script     Training    Inference     Accuracy
                                     Time (s)     Time (s)     Time (s)          (%)
    ────────────────────────────────────────────────────────────────────────────────
    Random Forest on cpu                12.45         8.20         1.25        50.00
    ONNX Runtime (CNN) on cpu        1,239.55     1,234.50         2.05        70.00
    TensorFlow.js (CNN) on wasm        failed       failed       failed       failed
    ────────────────────────────────────────────────────────────────────────────────
    Inference Time: all 10 test images, in batches of 32.
    TensorFlow.js (CNN) on wasm, seed 1, failed (CRASHED): The process ended by
    SIGKILL before it answered.
    Random Forest on cpu: a note of its own."
  `);
});

test('shows mean and t-interval over seeds', () => {
  const trials = [1, 2, 3].flatMap((seed) => [
    completedTrial({ ...FOREST, seed, hitsOfTen: 5, trainSeconds: 9 + seed }),
    seed === 2 ? failedTrial({ seed }) : completedTrial({ seed, trainSeconds: 40 + seed }),
  ]);
  expect(table(sampleResults(trials))).toMatchInlineSnapshot(`
    "FINAL BENCHMARK RESULTS
    intel: 1,200 training and 10 test images, 6 classes
    parity track, 3 epochs, batch size 32, learning rate 0.001, 3 seeds, CNN on
    150×150 pixels, forest on 64×64
    AMD EPYC 7B13, 2 threads on 2 cores, 16.0 GiB, Linux 6.8, Node.js v20.20.2
    ────────────────────────────────────────────────────────────────────────────────
    Framework                    Total Script     Training    Inference     Accuracy
                                     Time (s)     Time (s)     Time (s)          (%)
    ────────────────────────────────────────────────────────────────────────────────
    Random Forest on cpu                15.25        11.00         1.25        50.00
                                       ± 2.48       ± 2.48       ± 0.00       ± 0.00
    ONNX Runtime (CNN) on cpu,          46.25        42.00         1.25        80.00
    2 of 3 seeds                      ± 12.71      ± 12.71       ± 0.00       ± 0.00
    ────────────────────────────────────────────────────────────────────────────────
    Inference Time: all 10 test images, in batches of 32.
    ±: half-width of the 95% t-interval of the mean over seeds.
    ONNX Runtime (CNN) on cpu, seed 2, failed (CRASHED): The process ended by
    SIGKILL before it answered."
  `);
});

test('says over the figures that they may not be compared', () => {
  const results = sampleResults([completedTrial()]);
  const parityGate = {
    ...results.parityGate,
    status: 'failed' as const,
    reason: 'Losses differ.',
  };
  expect(table({ ...results, parityGate }).split('\n')[1]).toBe(
    'NOT COMPARABLE: parity gate failed. Losses differ.',
  );
  expect(table(results)).not.toContain('NOT COMPARABLE');
});

test('says that synthetic images are synthetic', () => {
  const results = sampleResults([completedTrial()]);
  const dataset = { ...results.dataset, name: 'sample', synthetic: true };
  expect(table({ ...results, dataset })).toContain('sample: synthetic sample images');
  expect(table(results)).not.toContain('synthetic');
});

test('hands no control characters of a message to the terminal', () => {
  const failed = failedTrial();
  const error = { ...failed.error, message: 'see \u001b]8;;http://x' };
  expect(table(sampleResults([{ ...failed, error }]))).toContain('see \uFFFD]8;;http://x');
});

test('stays within 80 columns whatever the names', () => {
  const displayName = 'A framework of a surprisinglylongandunbreakablename that goes on and on';
  const trials = [completedTrial({ displayName }), failedTrial({ adapter: 'other', displayName })];
  const widths = table(sampleResults(trials))
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
});

function table(results: BenchResults): string {
  return renderStudyTable(createReport(results));
}
