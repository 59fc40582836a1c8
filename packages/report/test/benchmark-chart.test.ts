import type { BenchResults, TrialResult } from '@dlcmp/bench-core/results';
import { expect, test } from '@jest/globals';
import { createReport, renderBenchmarkPng } from '../src';
import { COLORS, PALETTE } from '../src/chart-style';
import { countByColumn, countPixels, decodePng } from './png-image';
import { completedTrial, failedTrial, sampleResults, type TrialFigures } from './sample-results';

const TENSORFLOW = { adapter: 'cnn-tfjs', displayName: 'TensorFlow.js (CNN)', backend: 'wasm' };

test('draws three panels, side by side', async () => {
  const image = decodePng(await paintPng(withOneTrial({})));
  const isBar = [...countByColumn(image, PALETTE[0])].map((count) => count > 0);
  const barStarts = isBar.filter((inBar, x) => inBar && !isBar[x - 1]);
  expect(barStarts).toHaveLength(3);
  expect(image.width).toBeGreaterThan(image.height);
});

test.each([
  ['accuracy', { hitsOfTen: 4 }, { hitsOfTen: 8 }],
  // The value axis fits the longest bar, so that another adapter's must stay the longest.
  ['training time', { trainSeconds: 20 }, { trainSeconds: 40 }],
  ['inference time', { inferenceSeconds: 1 }, { inferenceSeconds: 2 }],
])('a larger %s draws a longer bar', async (_, smaller: TrialFigures, larger: TrialFigures) => {
  const yardstick = completedTrial({ ...TENSORFLOW, trainSeconds: 80, inferenceSeconds: 5 });
  const paint = async (figures: TrialFigures) => {
    const trials = [completedTrial(figures), yardstick];
    return countPixels(decodePng(await paintPng(sampleResults(trials))), PALETTE[0]);
  };
  expect(await paint(larger)).toBeGreaterThan(1.1 * (await paint(smaller)));
});

test('shows text: a longer title paints more', async () => {
  const results = withOneTrial({});
  const paint = async (name: string) => {
    const dataset = { ...results.dataset, name };
    const png = await paintPng({ ...results, dataset });
    return countPixels(decodePng(png), COLORS.text);
  };
  const [short, long] = [await paint('a'), await paint('a_data_set_of_a_longer_name')];
  expect(short).toBeGreaterThan(1000);
  expect(long).toBeGreaterThan(short + 1000);
});

test('writes a failed adapter as a word in red and draws it no bar', async () => {
  const trials = [completedTrial(), failedTrial(TENSORFLOW)];
  const failed = decodePng(await paintPng(sampleResults(trials)));
  expect(countPixels(failed, PALETTE[1])).toBe(0);
  expect(countPixels(failed, COLORS.failure)).toBeGreaterThan(100);
});

test('draws a run in which everything failed', async () => {
  const png = await paintPng(sampleResults([failedTrial(), failedTrial(TENSORFLOW)]));
  expect(countPixels(decodePng(png), COLORS.failure)).toBeGreaterThan(200);
});

test('draws a run before its first trial', async () => {
  const image = decodePng(await paintPng(sampleResults([])));
  expect(countPixels(image, COLORS.text)).toBeGreaterThan(1000);
});

test('adds whiskers and dots once there are two seeds', async () => {
  const trials = [completedTrial(), completedTrial({ seed: 2, trainSeconds: 60, hitsOfTen: 6 })];
  const [one, two] = await Promise.all([
    paintPng(sampleResults(trials.slice(0, 1))),
    paintPng(sampleResults(trials)),
  ]);
  const inked = (png: Uint8Array) => countPixels(decodePng(png), COLORS.text);
  expect(inked(two)).toBeGreaterThan(inked(one) + 1000);
});

test('puts a banner over figures that the parity gate did not let through', async () => {
  const results = withOneTrial({});
  const parityGate = { ...results.parityGate, status: 'failed' as const, reason: 'Losses differ.' };
  const [plain, warned] = await Promise.all([
    paintPng(results),
    paintPng({ ...results, parityGate }),
  ]);
  expect(countPixels(decodePng(plain), COLORS.failureBackground)).toBe(0);
  expect(countPixels(decodePng(warned), COLORS.failureBackground)).toBeGreaterThan(10_000);
});

test('says that synthetic images are synthetic', async () => {
  const results = withOneTrial({});
  const dataset = { ...results.dataset, synthetic: true };
  const [real, synthetic] = await Promise.all([
    paintPng(results),
    paintPng({ ...results, dataset }),
  ]);
  const inked = (png: Uint8Array) => countPixels(decodePng(png), COLORS.mutedText);
  expect(inked(synthetic)).toBeGreaterThan(inked(real) + 100);
});

test('widens with the adapters, up to eight and beyond', async () => {
  const trials: TrialResult[] = Array.from({ length: 9 }, (_, i) =>
    completedTrial({ adapter: `adapter-${i}`, displayName: `An adapter of a long name ${i}` }),
  );
  const few = decodePng(await paintPng(sampleResults(trials.slice(0, 3))));
  const many = decodePng(await paintPng(sampleResults(trials)));
  expect(many.width).toBeGreaterThan(few.width);
  for (const color of PALETTE) expect(countPixels(many, color)).toBeGreaterThan(1000);
});

function paintPng(results: BenchResults): Promise<Uint8Array> {
  return renderBenchmarkPng(createReport(results));
}

function withOneTrial(figures: TrialFigures) {
  return sampleResults([completedTrial(figures)]);
}
