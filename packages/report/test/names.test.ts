import type { BenchResults } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import {
  createReport,
  junitXml,
  renderBenchmarkPng,
  renderChartFiles,
  renderClassDistributionPng,
  renderClassificationReport,
  renderReportHtml,
  renderSampleGridPng,
  renderStudyTable,
  summaryMarkdown,
} from '../src';
import { completedTrial, sampleResults } from './sample-results';

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'two\nlines',
  'red\u001b[31m',
  `long ${'name '.repeat(40)}end`,
];

/** A run whose classes, images, data set and framework are called as nobody should call them. */
function hostileResults(): BenchResults {
  const trials = ['A', 'B'].map((adapter, i) => {
    const trial = completedTrial({ adapter, displayName: NAMES[i]!, hitsOfTen: 8 - i });
    const perClass = trial.perClass.map((one, label) => ({ ...one, className: NAMES[label]! }));
    return { ...trial, perClass };
  });
  const results = sampleResults(trials);
  const dataset = { ...results.dataset, name: NAMES[0]!, classNames: NAMES };
  return { ...results, dataset };
}

const report = createReport(hostileResults());

describe('names of any kind', () => {
  it('are drawn in every file', async () => {
    const before = Reflect.ownKeys(Object.prototype);
    const files = await renderChartFiles(report);
    expect(files.find(({ name }) => name === 'classes')?.svg).toContain('__proto__');
    await renderBenchmarkPng(report);
    await renderReportHtml(report);
    await renderClassDistributionPng({
      title: NAMES[0]!,
      counts: NAMES.map((className) => ({ className, train: 2, test: 1 })),
    });
    await renderSampleGridPng({ title: NAMES[0]!, rows: [{ className: NAMES[0]!, images: [] }] });
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  });

  it('stand in one line of the classification report, which is no wider than 80 characters', () => {
    const lines = renderClassificationReport(report.contenders[0]!.completed[0]!).split('\n');
    const classes = lines.slice(2, 2 + NAMES.length);
    expect(classes[3]).toMatch(/^ +two\\nlines {2}/);
    expect(classes[4]).toMatch(/^ +red\\u001b\[31m {2}/);
    expect(classes[5]).toMatch(/^long name.*….*name end {2}/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('reach no terminal and no page with a control character', async () => {
    const texts = [
      renderStudyTable(report),
      summaryMarkdown(report),
      junitXml(report),
      await renderReportHtml(report),
    ];
    for (const text of texts) expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('are kept as they are in the raw results', () => {
    expect(report.results.dataset.classNames).toEqual(NAMES);
  });
});
