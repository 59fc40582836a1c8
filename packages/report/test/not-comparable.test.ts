import type { CompletedTrial } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import {
  createReport,
  junitXml,
  renderReportHtml,
  renderStudyTable,
  summaryMarkdown,
} from '../src';
import { completedTrial, sampleResults } from './sample-results';

const FAILED = {
  id: 'unseen-latency',
  proves: 'A single image never seen before takes as long as one that was.',
  passed: false,
  figure: 18.571,
  limit: 1.5,
};

/** Trials of three seeds that scatter by a percent or two around `seconds`. */
function trials(name: string, seconds: number, changes: Partial<CompletedTrial> = {}) {
  return [1, 2, 3].map((seed) => ({
    ...completedTrial({
      ...{ adapter: name, displayName: name, seed },
      trainSeconds: seconds * (1 + ((seed * name.charCodeAt(0)) % 5) / 300),
    }),
    ...changes,
  }));
}

const report = createReport(
  sampleResults([
    ...trials('Quick', 1, { checks: [FAILED], comparable: false }),
    ...trials('Middling', 40),
    ...trials('Slow', 80),
  ]),
);

describe('a contender of which a check failed', () => {
  it('is named over the table with its figure and limit, and in its row', () => {
    const table = renderStudyTable(report).replace(/\s+/g, ' ');
    expect(table).toContain(
      'NOT COMPARABLE: Quick on cpu, which fails unseen-latency (18.6, at most 1.5).',
    );
    expect(table).toMatch(/Quick on cpu, not 5.* comparable/);
  });

  it('is named in summary.md, on the page and in junit.xml', async () => {
    const named = 'Quick on cpu is not comparable: check unseen-latency has 18.6 where at most 1.5';
    expect(summaryMarkdown(report)).toContain(named);
    const page = await renderReportHtml(report);
    expect(page).toContain(named);
    expect(page).toContain('<h2>Checks</h2>');
    expect(page).toMatch(/<td>unseen-latency<\/td>.*<td>18.6<\/td><td>1.5<\/td>/);
    expect(junitXml(report)).toContain('failures="3"');
    expect(junitXml(report)).toContain(
      'type="NOT_COMPARABLE" message="check unseen-latency has 18.6',
    );
  });

  it('is no winner: the quickest of the others is', () => {
    expect(report.answer.headline).toContain('Middling on cpu is quickest to train');
    expect(report.answer.headline).not.toContain('Quick on');
  });

  it('leaves nothing to compare where it leaves one', () => {
    const { headline } = createReport(
      sampleResults([...trials('Quick', 1, { comparable: false }), ...trials('Slow', 80)]),
    ).answer;
    expect(headline).toBe('Only Slow on cpu passed its checks: nothing to compare.');
  });
});
