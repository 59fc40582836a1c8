import type { BenchResults } from '@dlcmp/bench-core/results';
import { expect, test } from '@jest/globals';
import { predictionsCsv } from '../src';
import { completedTrial, failedTrial, sampleResults } from './sample-results';

test('holds a row for each test image of each completed trial', () => {
  const trials = [completedTrial({ hitsOfTen: 9 }), failedTrial(), completedTrial({ seed: 2 })];
  const lines = predictionsCsv(sampleResults(trials)).split('\r\n');
  expect(lines).toHaveLength(1 + 2 * 10 + 1);
  expect(lines[0]).toBe('image,true_class,adapter,backend,seed,predicted_class');
  expect(lines[1]).toBe('seg_test/buildings/0.jpg,buildings,cnn-onnx,cpu,1,buildings');
  expect(lines[10]).toBe('seg_test/mountain/9.jpg,mountain,cnn-onnx,cpu,1,sea');
  expect(lines[20]).toBe('seg_test/mountain/9.jpg,mountain,cnn-onnx,cpu,2,sea');
  expect(lines[21]).toBe('');
});

test.each([
  ['a,b', '"a,b"'],
  ['say "sea"', '"say ""sea"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['Gebäude 建物', 'Gebäude 建物'],
])('quotes %j as RFC 4180 has it', (name, field) => {
  expect(firstTrueClass(name)).toBe(field);
});

test.each([
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  ['\rx', '"\'\rx"'],
])('keeps a spreadsheet from running %j', (name, field) => {
  expect(firstTrueClass(name)).toBe(field);
});

test('refuses predictions of other images', () => {
  const results = sampleResults([completedTrial()]);
  const testImages = results.dataset.testImages.slice(1);
  const broken = { ...results, dataset: { ...results.dataset, testImages } };
  expect(() => predictionsCsv(broken)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  );
});

/** The `true_class` field of the first row when the first class is called `name`. */
function firstTrueClass(name: string): string {
  const results: BenchResults = sampleResults([completedTrial()]);
  const classNames = [name, ...results.dataset.classNames.slice(1)];
  const csv = predictionsCsv({ ...results, dataset: { ...results.dataset, classNames } });
  const row = csv.slice(csv.indexOf('\r\n') + 2);
  return row.slice('seg_test/buildings/0.jpg,'.length, row.indexOf(',cnn-onnx'));
}
