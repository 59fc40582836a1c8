import { expect, test } from '@jest/globals';
import {
  createReport,
  formatFigure,
  formatSeconds,
  renderReportHtml,
  renderStudyTable,
  summaryMarkdown,
} from '../src';
import { completedTrial, sampleResults } from './sample-results';

test.each([
  [0, '0.00 s'],
  [1234.5, '1,234.50 s'],
  [1.25, '1.25 s'],
  [0.456, '0.456 s'],
  [0.0123, '12.30 ms'],
  [0.000312, '0.312 ms'],
  [0.0000071, '7.10 µs'],
  [4e-8, '0.0400 µs'],
])('writes %f s as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('writes a figure below 1 with three digits that count, and its spread alike', () => {
  const { trainSeconds, accuracyPercent } = createReport(sampleResults([])).metrics;
  expect(formatFigure(0.2, trainSeconds)).toBe('0.200');
  expect(formatFigure(0.01, trainSeconds, 0.2)).toBe('0.010');
  expect(formatFigure(12, trainSeconds)).toBe('12.00');
  expect(formatFigure(0.5, accuracyPercent)).toBe('0.50');
});

test('gives a column whose times are all short in a unit that fits', async () => {
  const report = createReport(sampleResults([completedTrial({ inferenceSeconds: 0.00042 })]));
  const table = renderStudyTable(report);
  expect(table).toMatch(/Time \(s\) +Time \(s\) +Time \(ms\) +\(%\)/);
  expect(table).toMatch(/^ONNX Runtime \(CNN\) on cpu +44\.50 +41\.50 +0\.420 +80\.00$/m);
  expect(summaryMarkdown(report)).toContain('| 44.50 | 41.50 | 0.420 | 80.00 |');
  expect(await renderReportHtml(report)).toContain('Inference Time (ms)');
});

test('keeps the unit where another contender takes long, with digits that count', () => {
  const slow = completedTrial({ adapter: 'slow', displayName: 'Slow' });
  const quick = completedTrial({ inferenceSeconds: 0.00042 });
  const table = renderStudyTable(createReport(sampleResults([quick, slow])));
  expect(table).toMatch(/Time \(s\) +Time \(s\) +Time \(s\) +\(%\)/);
  expect(table).toMatch(/ 0\.000420 /);
});
