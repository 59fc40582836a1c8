import type { CompletedTrial, SoakMeasurement } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { createReport } from '../src/report';
import { soakSentence, soakTable } from '../src/soak-table';
import { summaryMarkdown } from '../src/summary-markdown';
import { completedTrial, sampleResults } from './sample-results';

const flat = { perUnit: 0, low: -5, high: 5 };
const growth = { heapUsedBytes: flat, externalBytes: flat };
const samples = [{ at: 1, rssBytes: 64 * 2 ** 20, heapUsedBytes: 1, externalBytes: 1 }];
const soak: SoakMeasurement = {
  ...{ requests: 5000, batchSizes: [1, 4], seconds: 1 },
  serving: {
    samples,
    growth: { ...growth, rssBytes: { perUnit: 1020.4, low: 1000.4, high: 1040.4 } },
  },
  reloading: {
    samples,
    growth: { ...growth, rssBytes: { perUnit: 2048, low: -1024, high: 5120 } },
  },
};

function reportWith(outcome: CompletedTrial['soak']) {
  return createReport(sampleResults([{ ...completedTrial(), soak: outcome }]));
}

describe('the table of soaks', () => {
  it('gives growth with its interval, in bytes a request and KiB a reload', () => {
    const report = reportWith({ status: 'completed', ...soak });
    const [[, ...cells] = []] = soakTable(report).rows;
    expect(cells).toEqual(['5,000', '64', '1020 ± 20', '0 ± 5', '0 ± 5', '2 ± 3']);
    expect(soakSentence(report)).toContain('1, 4 images');
    expect(summaryMarkdown(report)).toContain('| 1020 ± 20 |');
  });

  it('names a soak that failed, and is empty where none was asked for', () => {
    const error = { code: 'TIMEOUT', message: '', exitCode: null, signal: null, stderrTail: '' };
    const [[, ...cells] = []] = soakTable(reportWith({ status: 'failed', error })).rows;
    expect(cells).toEqual(['failed (TIMEOUT)']);
    expect(soakTable(reportWith(undefined)).rows).toEqual([]);
  });
});
