import type { CompletedTrial, ServerMeasurement } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { createReport } from '../src/report';
import { serverSentence, serverTable } from '../src/server-table';
import { summaryMarkdown } from '../src/summary-markdown';
import { completedTrial, sampleResults } from './sample-results';

const eventLoop = { p50Ms: 1, p99Ms: 2.34, maxMs: 9 };
const load = { requests: 100, unanswered: 0, p50Ms: 10.04, p95Ms: 20, p99Ms: null, eventLoop };
const clients = (concurrency: number, perSecond: number) => ({ ...load, concurrency, perSecond });
const server: ServerMeasurement = {
  ...{ boundMs: 150, secondsPerLoad: 4 },
  rows: [
    {
      ...{ row: 'naive', way: 'in-process', sweep: [], highestRate: null, atSeventyPercent: null },
      closedLoop: [clients(1, 30), clients(8, 41.26)],
    },
    {
      ...{ row: 'serving', way: 'http', sweep: [], highestRate: 55, closedLoop: [clients(8, 60)] },
      atSeventyPercent: { ...load, rate: 38.5 },
    },
  ],
};

function reportWith(outcome: CompletedTrial['server']) {
  return createReport(sampleResults([{ ...completedTrial(), server: outcome }]));
}

describe('the table of servers', () => {
  it('gives the best closed loop, the highest rate, and times and delay at 70% of it', () => {
    const report = reportWith({ status: 'completed', ...server });
    expect(serverTable(report).rows.map(([, ...cells]) => cells)).toEqual([
      ['in process', 'naive', '41.3', 'none'],
      ['HTTP', 'serving', '60.0', '55.0', '10.0', '20.0', '–', '2.3'],
    ]);
    expect(serverSentence(report)).toContain('within 150 ms');
    expect(summaryMarkdown(report)).toContain('| HTTP | serving |');
  });

  it('names a server that failed, and is empty where none was asked for', () => {
    const error = { code: 'TIMEOUT', message: '', exitCode: null, signal: null, stderrTail: '' };
    const [[, ...cells] = []] = serverTable(reportWith({ status: 'failed', error })).rows;
    expect(cells).toEqual(['failed (TIMEOUT)']);
    expect(serverTable(reportWith(undefined)).rows).toEqual([]);
  });
});
