import { describe, expect, it } from '@jest/globals';
import {
  createReport,
  junitXml,
  renderReportHtml,
  renderStudyTable,
  summaryMarkdown,
} from '../src';
import { completedTrial, sampleResults } from './sample-results';

/** Of two contenders and two seeds, the first trial alone is there. */
const done = sampleResults([completedTrial()]);
const report = createReport({
  ...done,
  configuration: {
    ...done.configuration,
    seeds: [1, 2],
    adapters: [...done.configuration.adapters, { adapter: 'cnn-tfjs', backend: 'wasm' }],
  },
});

describe('the report of a run that was broken off', () => {
  it('has a row for whom no trial ran, and counts the seeds of the others, in the table', () => {
    const table = renderStudyTable(report);
    expect(table).toMatch(/^ONNX Runtime \(CNN\) on cpu, +45\.75 +41\.50/m);
    expect(table).toMatch(/^1 of 2 seeds$/m);
    expect(table).toMatch(/^cnn-tfjs on wasm +not run +not run +not run +not run$/m);
    expect(table).toContain('ONNX Runtime (CNN) on cpu, seed 2: not run');
    expect(table).toContain('cnn-tfjs on wasm, seeds 1, 2: not run');
  });

  it('names the missing trials and the next step in the page and the summary', async () => {
    const words =
      '3 trials did not run: ONNX Runtime (CNN) on cpu, seed 2; cnn-tfjs on wasm, seeds 1, 2.';
    for (const text of [await renderReportHtml(report), summaryMarkdown(report)]) {
      expect(text).toContain(words);
      expect(text).toContain('--resume');
      expect(text).toContain('not run');
    }
  });

  it('skips them as test cases', () => {
    const text = junitXml(report);
    expect(text).toContain('tests="4" failures="0" skipped="3"');
    expect(text.match(/<skipped/g)).toHaveLength(3);
  });

  it('says nothing of it where all trials are there', () => {
    expect(createReport(done).warnings.map(({ id }) => id)).not.toContain('trials-not-run');
    expect(renderStudyTable(createReport(done))).not.toContain('not run');
  });
});
